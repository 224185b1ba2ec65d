/**
 * A process that offers the log of a folder over the protocol, for tests of what runs beside it: `node endpoint-child.fixture.js <folder>
 * <partitions> <port>`. Prints its port once it listens. No engine runs on the store.
 */
import { openEventStoreEndpoint, openSqliteEventStore } from '@rapport/event-store';

async function main(folder: string, partitions: number, port: number): Promise<void> {
  const store = await openSqliteEventStore({ folder, partitions });
  const { instanceId } = store.meta;
  const writes = { open: true, reserved: [] };
  const endpoint = await openEventStoreEndpoint({ log: store, instanceId, host: '127.0.0.1', port, writes });
  process.stdout.write(`${endpoint.port}\n`);
  process.once('SIGTERM', () => void endpoint.close().then(() => store.close()));
}

const [, , folder = '', partitions = '8', port = '0'] = process.argv;
void main(folder, Number(partitions), Number(port));
