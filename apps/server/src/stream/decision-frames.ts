/** Decisions as frames: which are told, under which name, and what they say. */
import { CHAIN_TYPE, DECISION_TYPES, withMoments } from '@rapport/engine';
import { type InputParked, type PlayDecision, playSentence } from '@rapport/journey';

/** Log events that the stream of all decisions reads. */
export function decisionTypes(asked: readonly string[] | undefined, chains: boolean): string[] {
  return (asked ?? DECISION_TYPES).filter((type) => chains || type !== CHAIN_TYPE);
}

/** `ActionInDoubt` is told as `action.in-doubt`. */
export function frameName(type: string): string {
  const [of, ...what] = type.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return `${of}.${what.join('-')}`;
}

/** The members of the frame's data, behind those that every frame has. */
export function decisionData(decision: PlayDecision | InputParked): object {
  const { type, ...members } = withMoments(decision) as { type: string };
  return { ...members, ...(type === 'InputParked' ? {} : { sentence: playSentence(decision as PlayDecision) }) };
}
