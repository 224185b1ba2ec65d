/** What people tell plays: commands for a customer, pauses for everybody. Events of the inputs; the fold decides what they do. */
import type { AppendRequest } from '@rapport/event-store';
import { PLAY_CONTROL, type PlayCommand } from '@rapport/journey';
import { commandRequest, type Refusal } from '../loop/commands';
import { controlRequest } from '../loop/idle-work';
import type { CommandAnswer, PauseAnswer } from '../plays.types';
import type { IngestAnswer, Query, QueryAnswer } from '../rapport.types';

/** A command that is not decided after this long is answered as unavailable; it stands in the log and is decided all the same. */
export const COMMAND_WAIT_MS_MAX = 30_000;
const RETRY_AFTER_SECONDS = 1;

export interface PlayInputPorts {
  partitions: number;
  /** Resolves when they are on disk. */
  append(requests: AppendRequest[]): Promise<IngestAnswer>;
  /** Resolves true when the read models show this position; settlings under way need not be through with everybody. */
  decided(position: number, timeoutMs: number): Promise<boolean>;
  /** Of a command that was decided. */
  refusal(position: number, command: AppendRequest): Promise<Refusal | null>;
  query(query: Query): Promise<QueryAnswer>;
}

export class PlayInputs {
  constructor(private readonly ports: PlayInputPorts) {}

  async command(customerId: string, command: PlayCommand): Promise<CommandAnswer> {
    const { ports } = this;
    const request = commandRequest(customerId, command, ports.partitions, Date.now());
    const stored = await ports.append([request]);
    if (!stored.ok) return stored;
    const { position } = stored;
    if (!(await ports.decided(position, COMMAND_WAIT_MS_MAX))) return undecided(position);
    const refusal = await ports.refusal(position, request);
    if (refusal === null) return { ok: true, position };
    const { because, detail } = refusal;
    if (because === 'unknownCustomer') return { ok: false, refused: because, detail };
    const over = because === 'unknownAction' && 'action' in command ? await this.overAs(command.action) : null;
    if (over !== null) return { ok: false, refused: 'settled', detail: settledDetail(over), position };
    return { ok: false, refused: because, detail, position };
  }

  async pausePlay(play: string, paused: boolean, by: string): Promise<PauseAnswer> {
    if (!(await this.ports.query({ name: 'play', params: { play } })).found) {
      const detail = `there is no play '${play}'; the query "plays" names those that there are`;
      return { ok: false, reason: 'unknownPlay', detail };
    }
    return this.toEveryPartition(paused ? PLAY_CONTROL.playPaused : PLAY_CONTROL.playResumed, { play, by });
  }

  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer> {
    return this.toEveryPartition(paused ? PLAY_CONTROL.channelPaused : PLAY_CONTROL.channelResumed, { channel, by });
  }

  /** What became of an action that is over; null = it is not, or nobody knows it. */
  private async overAs(action: string): Promise<string | null> {
    const { found, json } = await this.ports.query({ name: 'action', params: { action } });
    const state = found ? (JSON.parse(json) as { state: string }).state : 'requested';
    return state === 'requested' || state === 'inDoubt' ? null : state;
  }

  private toEveryPartition(type: string, data: object): Promise<IngestAnswer> {
    const now = Date.now();
    const all = Array.from({ length: this.ports.partitions }, (_, partition) => partition);
    return this.ports.append(all.map((partition) => controlRequest(partition, type, data, now)));
  }
}

function undecided(position: number): CommandAnswer {
  return {
    ok: false,
    reason: 'unavailable',
    detail: `the command is stored at position ${position} and not decided yet; ask for the customer again before you repeat it`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  };
}

/** The fold forgets an action that is over, and so calls it unknown; the read models have kept it. */
function settledDetail(over: string): string {
  return `The action is settled (${over}): there is nothing left to do about it. What became of it stands in the timeline.`;
}
