/** The query thread of a cluster's process: it may block while the log and the read models are asked. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LineEnd } from '@rapport/blocking-calls';
import { BlockingLogReader } from '@rapport/event-store';
import type { FromQueries, ToQueries } from '../../embedded/query.worker';
import type { ReadModelQueries } from '@rapport/read-models';
import { Definitions } from '../../loop/definitions';
import { answer, type QuerySources } from '../../queries/answer';
import { BadQuery, type EntriesQuery, type Query } from '../../rapport.types';
import type { ClusterConnection } from '../cluster.types';
import { openModelQueries } from '../store/open-stores';
import { type InputOfCustomer, outcomesOf, type OutcomesQuery } from './outcomes';

export interface ClusterQueryData {
  connection: ClusterConnection;
  partitions: number;
  log: LineEnd;
}

const { connection, partitions, log: logEnd } = workerData as ClusterQueryData;
const log = new BlockingLogReader(logEnd);
let definitions = Definitions.read(log);
/** Messages that come before wait for it. */
const opened = openModelQueries(connection);

const sourcesOver = (models: ReadModelQueries): QuerySources => ({
  models,
  log,
  partitionCount: partitions,
  latestDefinition: () => (definitions = Definitions.read(log, definitions)).latest,
  compiled: (version) => {
    if (version > definitions.latest) definitions = Definitions.read(log, definitions);
    const known = definitions.get(version);
    return { definition: known.definition, compiled: known.compiled, document: known.document };
  },
});

parentPort!.on('message', (message: ToQueries) => {
  void opened.then((found) => {
    if (!('close' in message)) return parentPort!.postMessage(reply(found.models, message.id, message.query));
    log.close();
    void found.close().finally(() => parentPort!.close());
  });
});

// Nobody can be answered without them: the thread ends, and whoever asked is told.
opened.catch((error: unknown) => {
  setImmediate(() => {
    throw error instanceof Error ? error : new Error(String(error));
  });
});

function reply(models: ReadModelQueries, id: number, query: Query | EntriesQuery | OutcomesQuery): FromQueries {
  try {
    const given =
      query.name === 'outcomes' ? outcomes(models, query.params.inputs) : answer(query, sourcesOver(models));
    return { id, answer: given };
  } catch (error) {
    if (error instanceof BadQuery) return { id, bad: { parameter: error.parameter, message: error.message } };
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function outcomes(models: ReadModelQueries, inputs: InputOfCustomer[]) {
  return { found: true, position: 0, recordedAt: 0, json: JSON.stringify(outcomesOf(models, inputs)) };
}
