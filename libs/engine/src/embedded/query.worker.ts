/** The query thread: read-only connections to the read models and the log, answers as JSON text. */
import { parentPort, workerData } from 'node:worker_threads';
import { openLogReader } from '@rapport/event-store';
import { openReadModelQueries } from '@rapport/read-models';
import { Definitions } from '../loop/definitions';
import { answer, type QuerySources } from '../queries/answer';
import { BadQuery, type EntriesQuery, type Query, type QueryAnswer } from '../rapport.types';

export interface QueryWorkerData {
  folder: string;
  generation: number;
}
export type ToQueries = { id: number; query: Query | EntriesQuery } | { close: true };
export type FromQueries =
  | { id: number; answer: QueryAnswer }
  | { id: number; bad: { parameter: string; message: string } }
  | { id: number; failed: string };

const { folder, generation } = workerData as QueryWorkerData;
const log = openLogReader(folder);
const models = openReadModelQueries(folder, generation);
let definitions = Definitions.read(log);

const sources: QuerySources = {
  models,
  log,
  partitionCount: log.meta().partitions,
  latestDefinition: () => (definitions = Definitions.read(log, definitions)).latest,
  compiled: (version) => {
    if (version > definitions.latest) definitions = Definitions.read(log, definitions);
    const known = definitions.get(version);
    return { definition: known.definition, compiled: known.compiled, document: known.document };
  },
};

parentPort!.on('message', (message: ToQueries) => {
  if ('close' in message) close();
  else parentPort!.postMessage(reply(message.id, message.query));
});

/** The thread ends by itself: ended from outside inside a call of SQLite, the binding takes the whole process down. */
function close(): void {
  models.close();
  log.close();
  parentPort!.close();
}

function reply(id: number, query: Query | EntriesQuery): FromQueries {
  try {
    return { id, answer: answer(query, sources) };
  } catch (error) {
    if (error instanceof BadQuery) return { id, bad: { parameter: error.parameter, message: error.message } };
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
