/** What is missing for a stage, in plain English. */
import type { ConditionEvidence } from '../../decision';
import { conditionParts, type ConditionParts } from './canonical-text';
import { boundWords, factWords, things, wantedWords, windowWords } from './condition-words';

/** What keeps a customer from a stage. `needed` of a condition inside a `not` is `the opposite`. */
export interface MissingWords {
  condition: string;
  value: ConditionEvidence['value'];
  needed?: number | string;
}

/** What is missing: `needs purchases on at least 3 distinct days within 365 days; now purchases on 2 distinct days ...`. */
export function missingSentence(missing: MissingWords): string {
  const parts = conditionParts(missing.condition);
  if (parts === undefined) return `needs ${missing.condition}`;
  const now = factWords(parts, missing);
  if (missing.needed === 'the opposite') return `must not be so: ${now} (${wantedWords(parts)})`;
  return `needs ${needWords(parts)}; now ${now}`;
}

function needWords(parts: ConditionParts): string {
  const window = windowWords(parts.within);
  const bounds = boundWords(parts);
  switch (parts.measure) {
    case 'count':
      return `${bounds} ${things(parts.of, parts.atLeast === '1' && parts.atMost === undefined ? 1 : 2)}${window}`;
    case 'distinctDays':
      return `${things(parts.of, 2)} on ${bounds} distinct days${window}`;
    case 'sum':
      return `${things(parts.of, 2)} with a ${parts.property} of ${bounds} in all${window}`;
    case 'since':
      return `the last ${things(parts.of, 1)} ${bounds} ago`;
    case 'tenure':
      return `the first ${things(parts.of, 1)} ${bounds} ago`;
    case 'last':
      return `the last ${parts.property} of ${things(parts.of, 2)} to pass "${parts.test}"`;
    case 'share':
      return `${bounds} of ${things(parts.among ?? 'any', 2)}${window} to be ${things(parts.of, 2)}`;
    default:
      return `engagement to be ${wantedWords(parts)}`;
  }
}
