/** What one guard is and what it is told. One file for each guard, one line in the registry. */
import type { Candidate, GuardFacts, GuardName, GuardsDefinition } from '../guards.types';
import type { ChannelName } from '../play';

/** A send as the guards count it: settled at its true time, pending ones at the moment of the question. */
export interface CountedSend {
  at: number;
  channel: ChannelName;
  purpose: string;
  ask: boolean;
}

/** What the guards are asked: the candidate, the customer, and the sends that are under way. */
export interface GuardQuestion {
  readonly guards: GuardsDefinition;
  readonly candidate: Candidate;
  readonly facts: GuardFacts;
  /** Not settled, as if sent at `facts.at`; newest first, as all lists of sends. */
  readonly pending: readonly CountedSend[];
}

export type GuardVerdict =
  | { holds: true; value: number | string | boolean | null }
  | {
      holds: false;
      value: number | string | boolean | null;
      /** The first moment at which this guard would say yes if nothing else came; null = time alone does not help. */
      until: number | null;
    };

export interface Guard {
  readonly name: GuardName;
  /** Whether it is asked for this candidate at all. This and `words` look at its verb, channel and purpose alone (prepared-guards). */
  concerns(candidate: Candidate, guards: GuardsDefinition): boolean;
  /** What it demands, in canonical words. */
  words(candidate: Candidate, guards: GuardsDefinition): string;
  /** At `at`, which is not before `facts.at`: what is known now is taken to stay. */
  check(question: GuardQuestion, at: number): GuardVerdict;
}

export function isAsk(candidate: Candidate): boolean {
  return candidate.verb === 'ask';
}
