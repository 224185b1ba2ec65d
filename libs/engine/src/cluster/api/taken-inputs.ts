/** What this process has put into the log lately, by the position that it answered: who waits names that position alone. */
import type { AppendRequest, AppendResult } from '@rapport/event-store';
import type { Placing } from '../../embedded/ingest-batcher';
import { streamRole } from '../../partition';
import { CLUSTER_PARTITIONS_MAX } from '../store/settings';
import type { Awaited } from './progress-watch';

/** Appends that are remembered. Who waits for an older one waits for all partitions. */
export const APPENDS_REMEMBERED = 20_000;

export class TakenInputs {
  private readonly byPosition = new Map<number, Awaited[]>();

  /** `position`: what the answer to these appends says. */
  keep(position: number, inputs: Awaited[]): void {
    const known = this.byPosition.get(position);
    this.byPosition.set(position, known ? [...known, ...inputs] : inputs);
    if (this.byPosition.size <= APPENDS_REMEMBERED) return;
    this.byPosition.delete(this.byPosition.keys().next().value!);
  }

  at(position: number): Awaited[] | undefined {
    return this.byPosition.get(position);
  }
}

/** The last inputs of these appends, and the greatest position of them all. */
export function inputsOf(requests: AppendRequest[], results: AppendResult[]): { position: number; inputs: Awaited[] } {
  let position = 0;
  const inputs: Awaited[] = [];
  results.forEach((result, i) => {
    const { stream, events } = requests[i]!;
    const role = streamRole(stream);
    if (!result.ok || role?.role !== 'touchpoints') return;
    inputs.push({ partition: role.partition, revision: result.firstRevision + events.count - 1 });
    position = Math.max(position, lastPositionOf(result));
  });
  return { position, inputs };
}

type Stored = Extract<AppendResult, { ok: true }>;

export function lastPositionOf({ firstPosition, each }: Stored): number {
  return each?.positions.at(-1) ?? firstPosition;
}

/** An input by its partition and revision, in one number. */
export function inputName(partition: number, revision: number): number {
  return revision * CLUSTER_PARTITIONS_MAX + partition;
}

export function inputNamed(name: number): Awaited {
  return { partition: name % CLUSTER_PARTITIONS_MAX, revision: Math.floor(name / CLUSTER_PARTITIONS_MAX) };
}

/** A call answers one position, that of its last event: each of its touchpoints is shown when that one is. */
export const BY_REVISION: Placing = {
  name: (result, place, partition) => inputName(partition, result.firstRevision + place),
  reached: (result) => lastPositionOf(result),
};
