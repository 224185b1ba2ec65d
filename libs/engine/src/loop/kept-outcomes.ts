import type { FoldOutcome } from './customer-fold';

/** Newest inputs whose outcome is remembered for callers that wait, where it is not `accepted`. */
export const OUTCOMES_KEPT = 200_000;

/** By log position, oldest first. */
export class KeptOutcomes {
  private readonly outcomes = new Map<number, FoldOutcome>();

  keep(position: number, outcome: FoldOutcome): void {
    this.outcomes.set(position, outcome);
    if (this.outcomes.size <= OUTCOMES_KEPT) return;
    for (const oldest of this.outcomes.keys()) {
      this.outcomes.delete(oldest);
      if (this.outcomes.size <= OUTCOMES_KEPT / 2) return;
    }
  }

  at(position: number): FoldOutcome {
    return this.outcomes.get(position) ?? 'accepted';
  }
}
