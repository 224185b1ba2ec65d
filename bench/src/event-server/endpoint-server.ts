/** The protocol endpoint over a fresh embedded store, in a process of its own: what the adapter is measured on where no EventStoreDB runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEventStoreEndpoint, openSqliteEventStore } from '@rapport/event-store';

async function serve(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-endpoint-'));
  const log = await openSqliteEventStore({ folder });
  const { instanceId } = log.meta;
  const writes = { open: true, reserved: [] };
  const endpoint = await openEventStoreEndpoint({ log, instanceId, host: '127.0.0.1', port: 0, writes });
  process.send?.(endpoint.port);
  process.on('disconnect', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
}

void serve();
