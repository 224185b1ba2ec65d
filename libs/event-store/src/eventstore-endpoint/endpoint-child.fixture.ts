/**
 * An endpoint in a process of its own, for tests that end it or stop it: `node endpoint-child.fixture.js <folder> <port>`. Writes open, no engine. Prints its port on a line
 * of its own when it listens. SIGTERM ends it in order.
 */
import { openSqliteEventStore } from '../sqlite/sqlite-event-store';
import { openEventStoreEndpoint } from './open-endpoint';

async function main(folder: string, port: number): Promise<void> {
  const store = await openSqliteEventStore({ folder });
  const { instanceId } = store.meta;
  const writes = { open: true, reserved: [] };
  const endpoint = await openEventStoreEndpoint({ log: store, instanceId, host: '127.0.0.1', port, writes });
  console.log(String(endpoint.port));
  process.once('SIGTERM', () => void endpoint.close().then(() => store.close()));
}

const [, , folder = '', port = '0'] = process.argv;
if (require.main === module) void main(folder, Number(port));
