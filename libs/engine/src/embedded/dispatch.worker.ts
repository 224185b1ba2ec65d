/** The dispatch thread: carries out what plays have requested. A receiver that hangs holds up nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import { LogClient, openLogReader } from '@rapport/event-store';
import { openReadModelQueries } from '@rapport/read-models';
import { DispatchHost } from '../dispatch/dispatch-host';
import type { DispatchWorkerData, FromDispatch, ToDispatch } from './dispatch-protocol';

async function start({ folder, generation, logPort, options }: DispatchWorkerData): Promise<void> {
  const log = openLogReader(folder);
  const models = openReadModelQueries(folder, generation);
  const client = new LogClient(logPort);
  const close = (): void => {
    models.close();
    log.close();
    client.close();
    parentPort!.close();
  };
  const host = await DispatchHost.start({ folder, log, models, client, options, post }).catch((error: unknown) => {
    failed(error);
    // Open ports would keep a thread alive that nobody hears from again.
    close();
  });
  if (!host) return;
  parentPort!.on('message', (message: ToDispatch) => {
    if (message.kind !== 'stop') return;
    void host.stop().then(() => {
      post({ kind: 'stopped' });
      close();
    });
  });
  post({ kind: 'ready' });
}

function post(message: FromDispatch): void {
  parentPort!.postMessage(message);
}

function failed(error: unknown): void {
  post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

start(workerData as DispatchWorkerData).catch((error: unknown) => {
  failed(error);
  parentPort!.close();
});
