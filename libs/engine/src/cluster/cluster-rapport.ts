/** A process of a cluster: the same engine to the apps as the embedded one, over EventStoreDB and MongoDB. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PlayCommand, Touchpoint } from '@rapport/journey';
import type { FollowOptions } from '../embedded/follow-log';
import { PlayInputs } from '../embedded/play-inputs';
import type { EffectsNow, EffectsSet } from '../dispatch/instance.types';
import { JOURNEY_PREFIX } from '../partition';
import type { CommandAnswer, PauseAnswer } from '../plays.types';
import type { ReceiverGap } from '../channels/receiver-gaps';
import type {
  Feed,
  IngestAnswer,
  LogOffer,
  Outcome,
  Query,
  QueryAnswer,
  RapportEngine,
  StatusSnapshot,
} from '../rapport.types';
import { ClusterInputs } from './api/cluster-inputs';
import { LiveHub } from './api/live-hub';
import type { ClusterOptions } from './cluster.types';
import { type ClusterProcess, openProcess } from './cluster-process';
import { clusterStatus } from './cluster-status';

/** Opens a process of the cluster with the roles that it is given. Throws StoreRefused, DefinitionRefused. */
export async function openClusterRapport(options: ClusterOptions): Promise<RapportEngine> {
  mkdirSync(resolve(options.data), { recursive: true });
  return new ClusterRapport(resolve(options.data), await openProcess(options));
}

class ClusterRapport implements RapportEngine {
  private readonly inputs: ClusterInputs;
  private readonly playInputs: PlayInputs;
  private readonly hub: LiveHub;
  private closing: Promise<void> | null = null;

  constructor(
    readonly data: string,
    private readonly process: ClusterProcess,
  ) {
    const { log, meta, watch } = process;
    const { partitions } = meta;
    this.inputs = new ClusterInputs(log, partitions);
    this.hub = new LiveHub(log, { streamPrefixes: [JOURNEY_PREFIX] });
    this.playInputs = new PlayInputs({
      partitions,
      append: (requests) => this.inputs.put(requests),
      decided: async (position, timeoutMs) => watch.shown(await this.inputs.awaited(position), timeoutMs),
      refusal: (position, command) => this.inputs.refusal(position, command, (customerId) => this.knows(customerId)),
      query: (query) => this.query(query),
    });
  }

  async ingest(touchpoints: Touchpoint[]): Promise<IngestAnswer> {
    return this.inputs.ingest(touchpoints);
  }

  settle(customerIds?: string[]): Promise<IngestAnswer> {
    return this.inputs.settle(customerIds);
  }

  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    const began = performance.now();
    const awaited = await this.inputs.awaited(position);
    return this.process.watch.shown(awaited, timeoutMs - (performance.now() - began), position);
  }

  async outcomes(names: Float64Array): Promise<Outcome[]> {
    const inputs = await this.inputs.named(names);
    const answer = await this.process.queries.ask({ name: 'outcomes', params: { inputs } });
    return JSON.parse(answer.json) as Outcome[];
  }

  async retryParked(position: number): Promise<IngestAnswer | { ok: false; reason: 'notParked' }> {
    const parked = await this.query({ name: 'parkedAt', params: { position } });
    if (!parked.found) return { ok: false, reason: 'notParked' };
    const { customerId } = JSON.parse(parked.json) as { customerId: string };
    return this.inputs.retryParked(customerId, position);
  }

  judgeClock(believe: boolean): Promise<IngestAnswer> {
    return this.inputs.judgeClock(believe);
  }

  command(customerId: string, command: PlayCommand): Promise<CommandAnswer> {
    return this.playInputs.command(customerId, command);
  }

  pausePlay(play: string, paused: boolean, by: string): Promise<PauseAnswer> {
    return this.playInputs.pausePlay(play, paused, by);
  }

  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer> {
    return this.playInputs.pauseChannel(channel, paused, by);
  }

  setEffects(effects: EffectsSet): Promise<IngestAnswer> {
    return this.process.dispatching.setEffects(effects);
  }

  arm(by: string): Promise<IngestAnswer> {
    return this.process.dispatching.arm(by);
  }

  effects(): EffectsNow {
    return this.process.dispatching.effects();
  }

  /** Nothing is sent from a cluster yet, which is said at the start: no receiver is missing. */
  receiverGaps(): ReceiverGap[] {
    return [];
  }

  query(query: Query): Promise<QueryAnswer> {
    return this.process.queries.ask(query);
  }

  feed(options: FollowOptions): Feed {
    return this.hub.follow(options);
  }

  /** Subscribers ask the log's own server. */
  offer(): LogOffer {
    throw new Error('the log of a cluster is offered by the server that keeps it: subscribe there');
  }

  status(): StatusSnapshot {
    return clusterStatus(this.process, {
      ingested: this.inputs.ingested,
      heard: Math.max(this.hub.upTo, this.inputs.lastPosition),
    });
  }

  private async knows(customerId: string): Promise<boolean> {
    return (await this.query({ name: 'customer', params: { customerId } })).found;
  }

  close(): Promise<void> {
    return (this.closing ??= this.hub.close().then(() => this.process.close()));
  }
}
