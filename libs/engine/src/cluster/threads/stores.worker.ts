/** The thread that makes the asynchronous calls for those that may block: reads of the log. One line for each asking thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { answerOn, type LineEnd } from '@rapport/blocking-calls';
import { answersFrom, type StoreMeta } from '@rapport/event-store';
import { openLog } from '../store/open-stores';
import type { ClusterConnection } from '../cluster.types';

export interface StoresThreadData {
  connection: ClusterConnection;
  meta: StoreMeta;
}
export type ToStores = { kind: 'line'; end: LineEnd } | { kind: 'stop' };
export type FromStores = { kind: 'ready' } | { kind: 'trouble'; detail: string } | { kind: 'failed'; message: string };

async function start({ connection, meta }: StoresThreadData): Promise<void> {
  const store = await openLog(connection, (detail) => post({ kind: 'trouble', detail }));
  const methods = answersFrom(store, () => Promise.resolve(meta));
  parentPort!.on('message', (message: ToStores) => {
    if (message.kind === 'line') return answerOn(message.end, methods);
    void store.close().finally(() => process.exit());
  });
  post({ kind: 'ready' });
}

function post(message: FromStores): void {
  parentPort!.postMessage(message);
}

start(workerData as StoresThreadData).catch((error: unknown) => {
  post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  parentPort!.close();
});
