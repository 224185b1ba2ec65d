/** One owned partition: takes over where the last owner stopped, folds, and ends when it is told to or cannot go on. */
import type { AppendRequest, AppendResult, EventStore, LogReader } from '@rapport/event-store';
import type { EngineReader, Flush, ReadModelWriter } from '@rapport/read-models';
import { CLOCK_JUMP_TOLERANCE_MS, EVENT } from '../../loop/control-events';
import type { Definitions } from '../../loop/definitions';
import { EngineCore } from '../../loop/engine-core';
import { EngineLoop } from '../../loop/engine-loop';
import { controlRequest } from '../../loop/idle-work';
import { START_GAP_BELIEVED_MS } from '../../embedded/clock-at-start';
import { touchpointStream } from '../../partition';
import type { FollowStream } from './follow-stream';
import type { Ownership } from './ownership';
import { PartitionFeed } from './partition-feed';
import type { ServerClock } from './server-clock';

/** The read models of one partition, for its owner: writes are refused where the token is not the newest. */
export interface PartitionModels {
  reader: EngineReader;
  writer: ReadModelWriter;
}

export interface RunPorts {
  store: Pick<EventStore, 'head' | 'streamHead'>;
  /** Says of each decision where it stands. */
  append(requests: AppendRequest[]): Promise<AppendResult[]>;
  /** Answers at once: a thread that may block asks it. */
  log: LogReader;
  definitions: Definitions;
  follow: FollowStream;
  clock: ServerClock;
  models(ownership: Ownership): Promise<PartitionModels>;
  partitions: number;
  hashKey: number;
  cachedCustomersMax: number;
  settleQuietMs: number;
  /** `log` = ticks and the like stand in the log already, and nothing is added to them: a copy that is folded again. */
  controls: 'own' | 'log';
  progress(): void;
  /** This code does not know what the partitions have adopted. */
  unfit(detail: string): void;
}

/** Below the server's limit of 1 MiB for a call, with what it adds. */
export const CLUSTER_DECISION_BYTES_MAX = 768 * 1024;

export class PartitionRun {
  private constructor(
    readonly ownership: Ownership,
    readonly core: EngineCore,
    readonly loop: EngineLoop,
    readonly feed: PartitionFeed,
    private readonly models: PartitionModels,
  ) {}

  static async takeOver(ports: RunPorts, ownership: Ownership): Promise<PartitionRun> {
    const { store, log, definitions, partitions, hashKey, cachedCustomersMax } = ports;
    const own = ownership.partition;
    const models = await ports.models(ownership);
    const core = new EngineCore({
      ...{ reader: models.reader, log, definitions, partitions, hashKey, own, cachedCustomersMax },
      decisionBytesMax: CLUSTER_DECISION_BYTES_MAX,
    });
    const head = await store.streamHead(touchpointStream(own));
    await judgeClock(ports, core, head);
    const feed = new PartitionFeed(
      core,
      ports.follow,
      head,
      (stamp) => ports.clock.heard(stamp),
      () => loop.awake(),
    );
    const loop = new EngineLoop(core, loopPorts(ports, ownership, models, feed), ports.settleQuietMs);
    return new PartitionRun(ownership, core, loop, feed, models);
  }

  /** Resolves when it was stopped and everything is written. Rejects where it cannot go on. */
  async run(): Promise<void> {
    try {
      await this.loop.run();
    } finally {
      await this.feed.close();
      await this.models.writer.close();
      this.models.reader.close();
    }
  }

  stop(): void {
    this.loop.stop();
  }

  /** The log's head was at this position when its stream of inputs ended at this revision. */
  reached(position: number, lastInput: number): void {
    const { core, feed } = this;
    feed.head = Math.max(feed.head, lastInput);
    if (core.own[0]!.folded!.touchpoints < lastInput || core.decisions.replaying || this.loop.held) return;
    core.reached(position);
    this.loop.awake();
  }
}

function loopPorts(ports: RunPorts, ownership: Ownership, models: PartitionModels, feed: PartitionFeed) {
  return {
    feed,
    controls: ports.controls,
    now: () => ports.clock.now(),
    progress: () => ports.progress(),
    append: async (requests: AppendRequest[]): Promise<AppendResult[]> => {
      ownership.require();
      return await ports.append(requests);
    },
    writer: {
      write: async (flush: Flush): Promise<void> => {
        ownership.require();
        await models.writer.write(flush);
      },
      close: () => models.writer.close(),
    },
  };
}

/** A partition that nobody ran for days has a gap in its stamps that is no jump of the clock. */
async function judgeClock(ports: RunPorts, core: EngineCore, head: number): Promise<void> {
  if (head < 0 || ports.controls === 'log') return;
  const { partition } = core.own[0]!;
  const last = ports.log.streamChunks(touchpointStream(partition), head, 1).at(-1);
  if (!last) return;
  const now = ports.clock.now();
  const gap = now - last.recordedAt;
  if (gap <= CLOCK_JUMP_TOLERANCE_MS || gap > START_GAP_BELIEVED_MS) return;
  const verdict = { believe: true, stamp: now, by: 'start' };
  await ports.append([controlRequest(partition, EVENT.clockJudged, verdict, now)]);
}
