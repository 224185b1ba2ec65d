/** What all simulated customers live under: the default plays and a few more, so that every trigger and step is met. */
import {
  CATALOGUE,
  compileDefinition,
  type CompiledDefinition,
  composeDocument,
  DEFAULT_DEFINITION_TEXT,
  type Definition,
  parseDefinition,
  type PlayFile,
  type PlaysPart,
} from '@rapport/journey';
import { defaultPlayFiles } from '@rapport/engine';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const START = Date.UTC(2023, 0, 2);
export const YEARS = 3;
export const END = START + YEARS * 365 * DAY_MS;
/** A newer version of the same plays is adopted then; `migrate` differs. */
export const ADOPTED_AT = START + 500 * DAY_MS;
/** A play is paused for a while. */
export const PAUSE = { play: 'thanks-for-the-deed', from: START + 600 * DAY_MS, until: START + 620 * DAY_MS };

/** None of the default plays splits, looks at a date or an audience, is for marketing, or asks more than it should. */
const MORE_PLAYS: PlayFile[] = [
  `name: which-words
why: two ways to say it, and one for nobody
owner: success
purpose: relationship
on: { stage: { entered: [lead, customer] } }
again: every 200d
holdout: 20%
steps:
  - split:
      - { name: plain, share: 50%, then: [ { tell: news, by: log } ] }
      - { name: warm, share: 30%, then: [ { give: gift, by: email, template: insider-tip }, { wait: 2d } ] }
      - { name: none, share: 20%, then: [] }
  - set: { trait: greeted, value: yes }
goal: { touchpoint: { meaning: purchase }, within: 30d }
`,
  `name: asks-a-lot
why: somebody always wants more than is good
owner: success
purpose: relationship
on: { touchpoint: { meaning: purchase } }
again: always
priority: 10
steps:
  - { ask: review, by: email, template: review-ask, staleAfter: 60d }
  - { ask: referral, by: chat, template: referral-ask, staleAfter: 20d, ifWithheld: wait }
  - { ask: reference, by: task, team: sales, sla: 2d, escalateTo: head-of-sales, staleAfter: 90d }
exit: { engagement: [lapsed] }
`,
  `name: before-renewal
why: nobody is surprised by a bill
owner: success
purpose: service
on: { date: subscription.started, property: renewsAt, before: 10d }
again: always
steps:
  - tell: renewal
    by: webhook
`,
  `name: monday-news
why: who wants news gets them on Mondays
owner: success
purpose: marketing
on: { audience: { at: "09:00", weekdays: [mon], spread: 8h } }
who: { stage: [customer, loyal, advocate] }
again: every 60d
holdout: 50%
steps:
  - tell: offers
    by: email
    template: insider-news
  - ask: survey
    by: chat
    template: insider-news
    staleAfter: 30d
`,
].map((text) => ({ name: `plays/${/^name: (.*)$/m.exec(text)?.[1]}.yaml`, text }));

export interface World {
  part: PlaysPart;
  timeZone: string;
  first: CompiledDefinition;
  second: CompiledDefinition;
}

/** `change` makes another world of it, for those who want to see a law broken. */
export function theWorld(change: (text: string) => string = (text) => text): World {
  const files = [...defaultPlayFiles(), ...MORE_PLAYS].map(({ name, text }) => ({ name, text: change(text) }));
  const first = definitionOf(files);
  const second = definitionOf(
    files.map(({ name, text }) => ({
      name,
      text: /^name: (welcome|advocate-ask)$/m.test(text) ? changed(text) : text,
    })),
  );
  if (first.plays === undefined) throw new Error('The default plays are gone.');
  return {
    ...{ part: first.plays, timeZone: first.timeZone },
    first: compileDefinition(first, 1, CATALOGUE),
    second: compileDefinition(second, 2, CATALOGUE, [{ version: 1, part: first.plays }]),
  };
}

/** Says the same to everybody: welcome stays with the version entered, advocate-ask migrates. */
function changed(text: string): string {
  const migrates = text.includes('name: advocate-ask') ? 'migrate: true\n' : '';
  return text.replace(/^why: /m, `${migrates}why: once more, `);
}

function definitionOf(files: readonly PlayFile[]): Definition {
  const composed = composeDocument({ name: 'definition.yaml', text: DEFAULT_DEFINITION_TEXT }, files);
  if (!composed.ok) throw new Error(JSON.stringify(composed.faults));
  const parsed = parseDefinition(composed.document, 'the simulation');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.definition;
}
