/** The thread that talks to MongoDB: the others ask it over lines. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerOn } from '@rapport/blocking-calls';
import { connectMongo, type MongoConnection } from './connection';
import { EngineAnswers } from './engine-answers';
import { FlushWriter } from './flush-writer';
import type { FromThread, Serves, ThreadData, ToThread } from './mongo-protocol';
import { Models } from './models';
import { QueryAnswers } from './query-answers';
import { StoreAnswers } from './store-answers';
import { WriterAnswers } from './writer-answers';

const port = parentPort;
if (port === null) throw new Error('mongo.worker runs as a worker thread only.');
const say = (message: FromThread): void => port.postMessage(message);
const writers = new Set<WriterAnswers>();
/** Open lines: each keeps the thread alive. */
const lines = new Set<MessagePort>();

function answersFor(connection: MongoConnection, id: number, serves: Serves): object {
  switch (serves.kind) {
    case 'engine':
      return new EngineAnswers(connection, new Models(connection.db, serves.generation), serves.partition);
    case 'queries':
      return new QueryAnswers(connection, new Models(connection.db, serves.generation));
    case 'store':
      return new StoreAnswers(connection);
    case 'writer':
      return writerFor(connection, id, serves);
  }
}

function serve(connection: MongoConnection, { id, serves, end }: Extract<ToThread, { kind: 'serve' }>): void {
  const answers = answersFor(connection, id, serves);
  lines.add(end.port);
  answerOn(end, answers, () => {
    lines.delete(end.port);
    if (answers instanceof WriterAnswers) writers.delete(answers);
  });
}

function writerFor(connection: MongoConnection, id: number, serves: Extract<Serves, { kind: 'writer' }>): object {
  const models = new Models(connection.db, serves.generation);
  const { partition, token } = serves;
  const owner = { ...(partition !== undefined && { partition }), ...(token !== undefined && { token }) };
  let stalled: string | null = null;
  const writer = new WriterAnswers(
    () => FlushWriter.open(connection, models, owner),
    (detail) => {
      if (detail === stalled) return;
      stalled = detail;
      say({ kind: 'stalled', id, detail });
    },
  );
  writers.add(writer);
  return writer;
}

async function close(connection: MongoConnection): Promise<void> {
  await Promise.all([...writers].map((writer) => writer.close()));
  await connection.client.close();
  for (const line of lines) line.close();
  port?.close();
}

async function open(): Promise<void> {
  const connection = await connectMongo((workerData as ThreadData).settings);
  port?.on('message', (message: ToThread) => {
    if (message.kind === 'close') void close(connection);
    else serve(connection, message);
  });
  say({ kind: 'opened' });
}

open().catch((error: unknown) => {
  say({ kind: 'unfit', detail: error instanceof Error ? error.message : String(error) });
  port.close();
});
