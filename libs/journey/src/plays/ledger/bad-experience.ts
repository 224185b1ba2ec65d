import type { FoldedTouchpoint } from '../../touchpoint';

const SURVEY_ANSWERED = 'survey.answered';
/** The best score that is still a bad experience: 6 of 10 for NPS, 2 of 5 for CSAT. Other surveys have no known scale. */
const BAD_SCORE_MAX: Readonly<Record<string, number>> = { nps: 6, csat: 2 };

/** Of a touchpoint whose role is `bad`: a survey only by its score, everything else as it is. */
export function isBadExperience({ type, properties }: FoldedTouchpoint): boolean {
  if (type !== SURVEY_ANSWERED) return true;
  const { kind, score } = properties;
  if (typeof kind !== 'string' || typeof score !== 'number' || !Object.hasOwn(BAD_SCORE_MAX, kind)) return false;
  return score <= (BAD_SCORE_MAX[kind] ?? -Infinity);
}
