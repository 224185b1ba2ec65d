/**
 * The guards that concern a candidate, with their words. They depend on its verb, channel and purpose alone, and these come from the
 * definition: so they are found once for each, and kept as long as the definition.
 */
import { GUARD_KIND, type Candidate, type GuardsDefinition } from '../guards.types';
import type { Verb } from '../play';
import type { Guard } from './guard';
import { GUARD_REGISTRY } from './registry';

export interface PreparedGuard {
  readonly guard: Guard;
  /** Of its evidence. */
  readonly path: string;
  readonly words: string;
  /** Whether it withholds for a time only. */
  readonly ofTime: boolean;
}

type ByVerb = { [V in Verb]?: readonly PreparedGuard[] };

const prepared = new WeakMap<GuardsDefinition, Map<string, Map<string, ByVerb>>>();

export function guardsFor(guards: GuardsDefinition, candidate: Candidate): readonly PreparedGuard[] {
  const { verb } = candidate;
  const byVerb = verbsOf(guards, candidate);
  return (byVerb[verb] ??= prepare(guards, candidate));
}

function verbsOf(guards: GuardsDefinition, { purpose, channel }: Candidate): ByVerb {
  let byPurpose = prepared.get(guards);
  if (byPurpose === undefined) prepared.set(guards, (byPurpose = new Map<string, Map<string, ByVerb>>()));
  let byChannel = byPurpose.get(purpose);
  if (byChannel === undefined) byPurpose.set(purpose, (byChannel = new Map<string, ByVerb>()));
  let byVerb = byChannel.get(channel);
  if (byVerb === undefined) byChannel.set(channel, (byVerb = {}));
  return byVerb;
}

function prepare(guards: GuardsDefinition, candidate: Candidate): PreparedGuard[] {
  return GUARD_REGISTRY.filter((guard) => guard.concerns(candidate, guards)).map((guard) => ({
    guard,
    path: `guards.${guard.name}`,
    words: guard.words(candidate, guards),
    ofTime: GUARD_KIND[guard.name] === 'time',
  }));
}
