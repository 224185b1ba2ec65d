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
  const host = await DispatchHost.start({ folder, log, models, client, options, post });
  parentPort!.on('message', (message: ToDispatch) => {
    if (message.kind !== 'stop') return;
    void host.stop().then(() => {
      models.close();
      log.close();
      client.close();
      post({ kind: 'stopped' });
      parentPort!.close();
    });
  });
  post({ kind: 'ready' });
}

function post(message: FromDispatch): void {
  parentPort!.postMessage(message);
}

start(workerData as DispatchWorkerData).catch((error: unknown) => {
  post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
