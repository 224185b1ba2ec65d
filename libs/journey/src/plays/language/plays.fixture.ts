/** Documents with plays for tests. */
import { parseDefinition } from '../../language/definition/parse-definition';

/** The example of docs/plays.md with what it names. */
export const EXAMPLE_PLAY = `
name: after-the-deed
why: a deed deserves thanks before anything else is asked
owner: community
purpose: relationship
on: { touchpoint: { meaning: advocacy } }
who: { not: { stage: lead } }
again: every 90d
holdout: 10%
steps:
  - give: thanks
    by: email
    template: thanks-for-the-deed
  - waitFor: { touchpoint: { meaning: praise } }
    atMost: 14d
  - branch:
      - if: { driver: community }
        then: [ { ask: community-answer, by: email, template: help-a-peer } ]
      - else: [ { ask: reference, by: task, team: sales, sla: 2d, escalateTo: head-of-sales } ]
goal: { touchpoint: { meaning: advocacy }, within: 60d }
exit: { any: [ { engagement: [at risk, lapsed] }, { openComplaint: true } ] }
`;

const FRAME = `
stages:
  - name: lead
  - { name: loyal, enter: { count: purchase, atLeast: 3 } }
teams: [ { name: community }, { name: sales }, { name: head-of-sales } ]
templates:
  - { name: thanks-for-the-deed, subject: Thank you, text: "Thank you, {{ customer.id }}." }
  - { name: help-a-peer, subject: Can you help?, text: "Somebody asks what you know." }
  - { name: plain, text: "No subject." }
`;

/** A document with these plays, each the YAML of one. */
export function documentWith(plays: readonly string[], more = ''): string {
  const list = plays.map((play) => `  - ${play.trim().replaceAll('\n', '\n    ')}`).join('\n');
  return `${FRAME}${more}\nplays:\n${list}\n`;
}

/** The example with other members. */
export function playWith(members: { readonly [key: string]: string | null }): string {
  const base: { [key: string]: string | null } = {
    name: 'test',
    why: 'to test',
    owner: 'sales',
    purpose: 'relationship',
    on: 'manual',
    steps: '[ { wait: 1d } ]',
    ...members,
  };
  return Object.entries(base)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]))
    .join('\n');
}

/** `path: problem. mend` of each fault. */
export function faultsOf(text: string): string[] {
  const parsed = parseDefinition(text, 'my.yaml');
  return parsed.ok ? [] : parsed.faults.map(({ path, problem, mend }) => `${path}: ${problem}. ${mend}`);
}
