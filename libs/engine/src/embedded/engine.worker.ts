/** The engine thread: folds the log, appends decisions, sends flushes to the read models' writer. */
import { parentPort, workerData } from 'node:worker_threads';
import { LogClient, type LogFeed, openLogReader } from '@rapport/event-store';
import { openEngineReader, openReadModelWriter } from '@rapport/read-models';
import { Definitions } from '../loop/definitions';
import { EngineCore } from '../loop/engine-core';
import { EngineLoop } from './engine-loop';
import type { EngineStatus, EngineWorkerData, FromEngine, ToEngine } from './engine-protocol';
import { hashKeyNumber } from './hash-key';

/** The main thread is told of progress no more often than this, but always after a flush. */
const STATUS_INTERVAL_MS = 20;

async function start(data: EngineWorkerData): Promise<void> {
  const log = openLogReader(data.folder);
  let stalled: EngineStatus['flushProblem'] = null;
  const writer = await openReadModelWriter(data.folder, data.generation, {
    onStall: (detail) => (stalled = detail === null ? null : { detail: `read models: ${detail}`, since: Date.now() }),
  });
  const reader = openEngineReader(data.folder, data.generation);
  const meta = log.meta();
  const core = new EngineCore({
    reader,
    log,
    definitions: Definitions.read(log),
    partitions: meta.partitions,
    hashKey: hashKeyNumber(meta.hashKey),
  });
  const client = new LogClient(data.logPort);
  const startHead = log.head().position;
  let lastStatus = 0;
  let lastFlushes = -1;
  let ready = false;
  const loop: EngineLoop = new EngineLoop(
    core,
    {
      append: (requests) => client.append(requests, true),
      resumeFeed: (position) => feed.resume(position),
      log,
      writer,
      progress: () => {
        ready ||= core.position >= startHead && !core.decisions.replaying;
        const now = performance.now();
        if (now - lastStatus < STATUS_INTERVAL_MS && lastFlushes === loop.flushes) return;
        lastStatus = now;
        lastFlushes = loop.flushes;
        post({
          kind: 'status',
          status: statusOf(core, loop, { generation: data.generation, ready, flushProblem: stalled }),
        });
      },
    },
    data.settleQuietMs,
  );
  const feed: LogFeed = client.startFeed(core.position, {
    onChunks: (chunks) => loop.feed(chunks),
    onBehind: (head) => loop.behind(head.position),
  });
  answer(core, loop);
  const heartbeat = setInterval(() => {
    ready ||= core.position >= startHead && !core.decisions.replaying;
    post({
      kind: 'status',
      status: statusOf(core, loop, { generation: data.generation, ready, flushProblem: stalled }),
    });
  }, 250);
  await loop.run();
  clearInterval(heartbeat);
  await writer.close();
  reader.close();
  log.close();
  client.close();
  post({ kind: 'stopped' });
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
          outcomes: Array.from(message.positions, (position) => core.outcomeAt(position)),
        });
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
