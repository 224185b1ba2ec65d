/** Commands for one customer as the log holds them, and what is remembered of those that were refused. */
import { randomBytes } from 'node:crypto';
import { type AppendRequest, pack } from '@rapport/event-store';
import {
  type CommandName,
  type Decision,
  PLAY_COMMANDED,
  type PlayCommand,
  type RefusedBecause,
} from '@rapport/journey';
import { partitionOf, touchpointStream } from '../partition';
import type { EventId } from './customer-fold';

/** A PlayCommanded event. */
export interface CommandInput {
  data: string;
  /** Believed stamp. */
  at: number;
  event: EventId;
}

const ID_BYTES = 16;

/** One command, ready to append. */
export function commandRequest(
  customerId: string,
  command: PlayCommand,
  partitions: number,
  now: number,
): AppendRequest {
  const event = {
    id: randomBytes(ID_BYTES),
    type: PLAY_COMMANDED,
    schemaVersion: 1,
    occurredAt: now,
    subject: customerId,
    data: Buffer.from(JSON.stringify(command)),
  };
  return { stream: touchpointStream(partitionOf(customerId, partitions)), expected: 'any', events: pack([event]) };
}

export interface Refusal {
  because: RefusedBecause | 'unknownCustomer';
  /** In words, with a mend. */
  detail: string;
}

/** Newest refused commands that are remembered for callers that wait. */
export const REFUSALS_KEPT = 10_000;

const COMMANDS: Readonly<Record<CommandName, true>> = {
  enrol: true,
  stop: true,
  claim: true,
  giveBack: true,
  reassign: true,
  finish: true,
  retry: true,
  resolve: true,
};

/** Null for what this version cannot read or does not know: it decides nothing, like control events of a newer version. */
export function readCommand(data: string): PlayCommand | null {
  let read: unknown;
  try {
    read = JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof read !== 'object' || read === null || !('command' in read)) return null;
  const { command } = read;
  return typeof command === 'string' && Object.hasOwn(COMMANDS, command) ? (read as PlayCommand) : null;
}

export const UNKNOWN_CUSTOMER: Refusal = {
  because: 'unknownCustomer',
  detail: 'Nothing was ever recorded of this customer. Send a touchpoint first.',
};

export function refusalIn(decisions: readonly Decision[]): Refusal | null {
  for (const decision of decisions)
    if (decision.type === 'CommandRefused') return { because: decision.because, detail: decision.detail };
  return null;
}

/** By log position, oldest first. */
export class KeptRefusals {
  private readonly refusals = new Map<number, Refusal>();

  keep(position: number, refusal: Refusal): void {
    this.refusals.set(position, refusal);
    if (this.refusals.size > REFUSALS_KEPT) this.refusals.delete(this.refusals.keys().next().value!);
  }

  at(position: number): Refusal | null {
    return this.refusals.get(position) ?? null;
  }
}
