/** What the readers of one document share. */
import type { Selector } from '../../definition';
import type { FaultList } from '../../language/definition/fault-list';
import type { RuleParser } from '../../language/definition/rule-parser';
import { readSelector } from '../../language/definition/selector-parser';
import { pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { PlayCondition } from '../play';
import type { PlaysContext } from '../play-core.types';
import { OUTCOME_TYPE_PREFIX } from '../play-inputs';
import type { References } from './references';

export interface PlaysReading {
  faults: FaultList;
  context: PlaysContext;
  rules: RuleParser<PlayCondition>;
  references: References;
  /** Traits that steps set, in the whole document. */
  traits: Set<string>;
  /** A step shows a template by a channel. */
  shownBy(template: string, channel: string | undefined, path: string): void;
}

/** Touchpoints that a play may wait for. Outcomes of actions are none: a step goes on by itself when its action is settled. */
export function readTouchpoint(
  value: unknown,
  path: string,
  faults: FaultList,
  key = 'touchpoint',
): Selector | undefined {
  if (value === undefined) {
    return faults.add(path, 'names no touchpoint', 'Write it like { touchpoint: { meaning: praise } }');
  }
  const at = pointerTo(path, key);
  const selector = readSelector(value, at, faults);
  if (selector.type?.startsWith(OUTCOME_TYPE_PREFIX)) {
    const mend = 'A step goes on by itself when its action is settled: leave it out';
    faults.add(at, `can never hold: "${selector.type}" is the outcome of an action`, mend);
  }
  return selector;
}
