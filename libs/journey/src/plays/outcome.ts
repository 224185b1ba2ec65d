/** Which touchpoints are outcomes of actions: what only Rapport itself writes, told by type, source and action id together. */
import type { FoldedTouchpoint } from '../touchpoint';
import { ACTION_RESULTS, OUTCOME_TYPE_PREFIX, RAPPORT_SOURCE, type ActionResult } from './play-inputs';
import { ACTION_ID_CHARACTERS } from './play-state';

const RESULT_OF_TYPE: ReadonlyMap<string, ActionResult> = new Map(
  ACTION_RESULTS.map((result) => [OUTCOME_TYPE_PREFIX + result, result]),
);

/** The part that the type decides. */
export function isOutcomeType(type: string): boolean {
  return RESULT_OF_TYPE.has(type);
}

/** Null = a touchpoint like any other. */
export function outcomeOf(touchpoint: FoldedTouchpoint): { action: string; result: ActionResult } | null {
  const result = RESULT_OF_TYPE.get(touchpoint.type);
  if (result === undefined || touchpoint.source !== RAPPORT_SOURCE) return null;
  const { action } = touchpoint.properties;
  if (typeof action !== 'string' || !isActionId(action)) return null;
  return { action, result };
}

function isActionId(text: string): boolean {
  return text.length === ACTION_ID_CHARACTERS && /^[0-9a-f]+$/.test(text);
}
