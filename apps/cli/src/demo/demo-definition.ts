/**
 * The definition of the demo: the default one with the default plays, and two things of its own. Quiet hours lie so that whenever it is run
 * everybody may be written to but those in Tokyo; and who did something for the brand is asked for a review as soon as they are thanked, as far as the
 * guards let it, for the default plays take weeks to come to their asks.
 */
import { DEFAULT_DEFINITION_TEXT, HOUR_MS } from '@rapport/journey';
import { defaultPlayFiles } from '@rapport/engine';
import { parse, stringify } from 'yaml';

const GUARDS_FILE = 'guards.yaml';
/** Tokyo has no summer time. It is 8 to 14 hours ahead of where the other simulated customers live. */
const TOKYO_HOURS_AHEAD = 9;
const QUIET_HOURS = 7;
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function demoDefinition(now: number): string {
  const guards = defaultPlayFiles().find(({ name }) => name === GUARDS_FILE);
  const standard = parse(guards?.text ?? '{}') as object;
  const hour = (ahead: number): string => {
    const at = new Date(now + (TOKYO_HOURS_AHEAD + ahead) * HOUR_MS);
    return `${String(at.getUTCHours()).padStart(2, '0')}:00`;
  };
  const quiet = { from: hour(0), until: hour(QUIET_HOURS), weekdays: EVERY_DAY };
  return `${DEFAULT_DEFINITION_TEXT}\n${stringify({ guards: { ...standard, quiet }, plays: [THANKS_AND_ASK] })}`;
}

/** Instead of the default play of this name. */
const THANKS_AND_ASK = {
  name: 'thanks-for-the-deed',
  why: 'a deed deserves thanks before anything else is asked; then a review, if they may be asked today',
  owner: 'community',
  purpose: 'relationship',
  on: { touchpoint: { meaning: 'advocacy', where: { rating: { atLeast: 4, orMissing: true } } } },
  who: { not: { kind: 'employee' } },
  again: 'always',
  priority: 80,
  steps: [
    { give: 'thanks', by: 'email', template: 'thanks-for-the-deed' },
    { ask: 'review', by: 'email', template: 'review-ask' },
  ],
  goal: { touchpoint: { type: 'review.posted' }, within: '30d' },
};
