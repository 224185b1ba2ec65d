/** The engine thread: folds the log, appends decisions, sends flushes to the read models' writer. */
import { parentPort, workerData } from 'node:worker_threads';
import { type AppendRequest, LogClient, type LogReader, openLogReader } from '@rapport/event-store';
import { type EngineReader, openEngineReader, openReadModelWriter } from '@rapport/read-models';
import { Definitions } from '../loop/definitions';
import { EngineCore } from '../loop/engine-core';
import { EngineLoop } from '../loop/engine-loop';
import type { EngineStatus, EngineWorkerData, FromEngine, ToEngine } from './engine-protocol';
import { hashKeyNumber } from './hash-key';
import { WriterFeed } from './writer-feed';

/** The main thread is told of progress no more often than this, but always after a flush. */
const STATUS_INTERVAL_MS = 20;
/** And at least this often. */
const HEARTBEAT_MS = 250;

async function start(data: EngineWorkerData): Promise<void> {
  const { folder, generation } = data;
  const log = openLogReader(folder);
  let flushProblem: EngineStatus['flushProblem'] = null;
  const writer = await openReadModelWriter(folder, generation, {
    onStall: (detail) =>
      (flushProblem = detail === null ? null : { detail: `read models: ${detail}`, since: Date.now() }),
  });
  const reader = openEngineReader(folder, generation);
  const core = coreOver(reader, log);
  const client = new LogClient(data.logPort);
  const writerFeed = new WriterFeed(core, {
    log,
    resume: (position) => feed.resume(position),
    awake: () => loop.awake(),
  });
  const ports = {
    append: (requests: AppendRequest[]) => client.append(requests, true),
    writer,
    feed: writerFeed,
    progress: () => reporter.progress(),
  };
  const loop = new EngineLoop(core, ports, data.settleQuietMs);
  const reporter = new Reporter(core, loop, log.head().position, () => ({ generation, flushProblem }));
  const feed = client.startFeed(core.position, {
    onChunks: (chunks) => writerFeed.feed(chunks),
    onBehind: (head) => writerFeed.behind(head.position),
  });
  answer(core, loop);
  const heartbeat = setInterval(() => reporter.report(), HEARTBEAT_MS);
  await loop.run();
  clearInterval(heartbeat);
  await writer.close();
  reader.close();
  log.close();
  client.close();
  post({ kind: 'stopped' });
}

function coreOver(reader: EngineReader, log: LogReader): EngineCore {
  const { partitions, hashKey } = log.meta();
  return new EngineCore({
    reader,
    log,
    definitions: Definitions.read(log),
    partitions,
    hashKey: hashKeyNumber(hashKey),
  });
}

/** Tells the main thread how far the engine is. */
class Reporter {
  private lastStatus = 0;
  private lastFlushes = -1;
  private ready = false;

  constructor(
    private readonly core: EngineCore,
    private readonly loop: EngineLoop,
    private readonly startHead: number,
    private readonly standing: () => Omit<Standing, 'ready'>,
  ) {}

  progress(): void {
    const now = performance.now();
    if (now - this.lastStatus < STATUS_INTERVAL_MS && this.lastFlushes === this.loop.flushes) return;
    this.lastStatus = now;
    this.lastFlushes = this.loop.flushes;
    this.report();
  }

  report(): void {
    this.ready ||= this.core.position >= this.startHead && !this.core.decisions.replaying;
    post({ kind: 'status', status: statusOf(this.core, this.loop, { ...this.standing(), ready: this.ready }) });
  }
}

function answer(core: EngineCore, loop: EngineLoop): void {
  parentPort!.on('message', (message: ToEngine) => {
    switch (message.kind) {
      case 'shown':
        void loop.shown(message.position).then(() => post({ kind: 'shown', id: message.id }));
        return;
      case 'outcomes':
        post({
          kind: 'outcomes',
          id: message.id,
          outcomes: Array.from(message.positions, (position) => core.outcomes.at(position)),
        });
        return;
      case 'refusal':
        post({ kind: 'refusal', id: message.id, refusal: core.refusals.at(message.position) });
        return;
      case 'stop':
        loop.stop();
        parentPort!.unref();
    }
  });
}

type Standing = Pick<EngineStatus, 'generation' | 'ready' | 'flushProblem'>;

function statusOf(core: EngineCore, loop: EngineLoop, standing: Standing): EngineStatus {
  const held = loop.held;
  return {
    engine: core.position,
    recordedAt: core.recordedAt,
    readModels: loop.flushed,
    duplicates: core.stats.duplicates,
    parked: core.stats.parked,
    decisions: core.decisions.decided,
    timersDue: core.partitions.filter((partition) => partition.tickOpen > 0).length,
    unsettledCustomers: core.unsettledCustomers,
    customers: core.counters.customers(),
    flush: { count: loop.flushes, lastMs: loop.lastFlushMs },
    clock: held
      ? {
          suspect: true,
          detail: `the log's stamps jumped ahead to ${new Date(held.stamp).toISOString()}; nothing is decided until the jump is confirmed or refused (rapport clock)`,
        }
      : undefined,
    ...standing,
  };
}

function post(message: FromEngine): void {
  parentPort!.postMessage(message);
}

start(workerData as EngineWorkerData).catch((error: unknown) => {
  post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
