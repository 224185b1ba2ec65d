import { documentWith, faultsOf, playWith } from './plays.fixture';

/** `what | YAML | fault`, one on each line. */
const rows = (table: string): [string, string, string][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split(' | ') as [string, string, string]);
const many = (count: number, one: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join(', ');
/** Without the lines, which have a test of their own. */
const told = (text: string): string =>
  faultsOf(text)
    .map((fault) => fault.replace(/ \(my\.yaml line \d+\)/, ''))
    .join('\n');
const inPlay = (key: string, text: string): string => documentWith([playWith({ [key]: text })]);
const inFrame = (before: string, after: string): string => documentWith([playWith({})]).replace(before, after);

const STEPS = `
an unknown template | [ { give: x, by: email, template: thanks-for-the-ded } ] | /plays/0/steps/0/template: "thanks-for-the-ded" is no template of this document. Did you mean "thanks-for-the-deed"?
an unknown team | [ { task: x, team: slaes } ] | /plays/0/steps/0/team: "slaes" is no team of this document. Did you mean "sales"?
an unknown team to escalate to | [ { task: x, sla: 1d, escalateTo: boss } ] | /plays/0/steps/0/escalateTo: "boss" is no team
an unknown channel | [ { give: x, by: emial } ] | /plays/0/steps/0/by: is not a channel: "emial". Did you mean "email"?
an unknown step | [ { giv: thanks, by: email } ] | /plays/0/steps/0: is no step: giv, by. Did you mean "give"?
end as a word | [ end ] | is no step: "end". Write "end:"
two steps in one | [ { give: x, wait: 1d } ] | mixes give and wait in one step. Make a step of each
an unknown key | [ { give: x, by: email, tempalte: y } ] | has no key "tempalte". Did you mean "template"?
no channel | [ { give: x } ] | /plays/0/steps/0: does not say by which channel. Add "by", one of: email, webhook
an e-mail without a template | [ { give: x, by: email } ] | has no template, and "email" has nothing to say
an e-mail without a subject | [ { give: x, by: email, template: plain } ] | "plain" has no subject, and "email" needs one. Add "subject" to the template
a survey without a subject | [ { ask: nps, by: survey, template: plain } ] | "plain" has no subject, and "survey" needs one
a task by e-mail | [ { task: x, by: email, template: plain } ] | a task goes to a team, not by "email"
a survey that gives | [ { give: x, by: survey, template: plain } ] | /plays/0/steps/0/by: a survey asks
a team of an e-mail | [ { give: x, by: log, team: sales, sla: 1d } ] | /plays/0/steps/0/team: only tasks have "team"
an escalation after no time | [ { task: x, escalateTo: sales } ] | escalates after no time. Add "sla"
less room than a request needs | [ { give: x, by: log, sendWithin: 4m } ] | /plays/0/steps/0/sendWithin: is shorter than 5m
a step after end | [ { end: }, { wait: 1d } ] | /plays/0/steps/1: is never reached: what stands before it ends the steps. Leave it out, or move it up
a step after a branch that ends | [ { branch: [ { if: { stage: lead }, then: [ { end: } ] }, { else: [ { wait: 1d }, { end: } ] } ] }, { wait: 1d } ] | /plays/0/steps/1: is never reached
a step after a split that ends | [ { split: [ { name: a, share: 50%, then: [ { end: } ] }, { name: b, share: 50%, then: [ { end: } ] } ] }, { wait: 1d } ] | /plays/0/steps/1: is never reached
an arm after else | [ { branch: [ { else: [] }, { if: { stage: lead }, then: [] } ] } ] | /plays/0/steps/0/branch/1: is never reached: the arm before it is "else". Put "else" last
an arm that asks again | [ { branch: [ { if: { stage: lead }, then: [] }, { if: { stage: [lead] }, then: [] } ] } ] | /plays/0/steps/0/branch/1: is never reached: an earlier arm asks for the same
an arm that cannot hold | [ { branch: [ { if: { all: [ { stage: lead }, { stage: loyal } ] }, then: [] } ] } ] | /plays/0/steps/0/branch/0/if: can never hold: nobody takes this arm
an arm without a rule | [ { branch: [ { then: [] } ] } ] | has neither "if" nor "else"
an arm without steps | [ { branch: [ { if: { stage: lead } } ] } ] | has no "then". Add the steps, or [] for none
a wait with no way out | [ { waitFor: { touchpoint: praise } } ] | /plays/0/steps/0: is a wait with no way out: who never does it stays here for ever. Add "atMost"
a moment that never comes | [ { waitUntil: {} } ] | /plays/0/steps/0/waitUntil: is a wait with no way out
no weekday | [ { waitUntil: { weekdays: [] } } ] | /plays/0/steps/0/waitUntil/weekdays: the list is empty
too long a wait | [ { wait: 731d } ] | /plays/0/steps/0/wait: is longer than 730d
a time without quotes’ shape | [ { waitUntil: { time: "9:00" } } ] | is no time of day: "9:00". Write hours and minutes in quotes, such as "09:00"
an outcome that is waited for | [ { waitFor: { touchpoint: action.delivered }, atMost: 1d } ] | /plays/0/steps/0/waitFor/touchpoint: can never hold: "action.delivered" is the outcome of an action
shares that are not all | [ { split: [ { name: a, share: 50%, then: [] }, { name: b, share: 40%, then: [] } ] } ] | /plays/0/steps/0/split: has shares of 90% together. Make them 100% together
an arm twice | [ { split: [ { name: a, share: 50%, then: [] }, { name: a, share: 50%, then: [] } ] } ] | /plays/0/steps/0/split/1/name: "a" is the name of an earlier arm too
half a per cent | [ { split: [ { name: a, share: 50.5%, then: [] }, { name: b, share: 49.5%, then: [] } ] } ] | is no share: "50.5%"
a trait of the profile | [ { set: { trait: locale, value: de } } ] | /plays/0/steps/0/set/trait: "locale" belongs to the profile
a driver that is none | [ { set: { trait: driver, value: cool } } ] | /plays/0/steps/0/set/value: is not a driver: "cool"
`;

const RULES = `
an unknown play | { enrolled: tets } | /plays/0/who/enrolled: "tets" is no play of this document. Did you mean "test"?
an unknown stage in a rule | { stage: [lead, leed] } | /plays/0/who/stage/1: is not a stage of this definition: "leed"
an unknown trait | { trait: mood, equals: good } | /plays/0/who/trait: "mood" is no trait of this document. Name a trait of the profile (locale, timeZone, tags), or one that a step sets
an unknown driver | { driver: comunity } | is not a driver: "comunity". Did you mean "community"?
a personal trait | { trait: email, exists: true } | "email" is personal and stands apart
the kind as a trait | { trait: kind, equals: employee } | "kind" has a condition of its own. Write { kind: ... }
a trait that is a number | { trait: tags, atLeast: 3 } | can never hold: "tags" is a text
a trait that equals a number | { trait: tags, equals: 3 } | can never hold: "tags" is never a number
who that cannot hold | { all: [ { kind: employee }, { not: { kind: employee } } ] } | /plays/0/who: can never hold: nobody ever enters
who in two places at once | { all: [ { engagement: active }, { all: [ { engagement: lapsed } ] } ] } | /plays/0/who: can never hold
`;

const TRIGGERS = `
an unknown stage | { stage: { entered: royal } } | /plays/0/on/stage/entered: is not a stage of this definition: "royal". Did you mean "loyal"?
an outcome as a trigger | { touchpoint: action.failed } | /plays/0/on/touchpoint: can never hold
an unknown trigger | { touchpiont: complaint } | /plays/0/on: is no trigger: "touchpiont". Did you mean "touchpoint"?
two triggers | { touchpoint: complaint, stage: { entered: lead } } | mixes stage and touchpoint. Keep one
a stage trigger of nothing | { stage: {} } | /plays/0/on/stage: names no stage
no engagement to change to | { engagement: { from: active } } | /plays/0/on/engagement: does not say to which engagement
a change to the same | { engagement: { from: active, to: active } } | can never hold: nobody changes from "active" to "active"
a date without a property | { date: subscription.started } | /plays/0/on: names no property
a date both ways | { date: x.y, property: z, before: 1d, after: 1d } | has "before" and "after"
a personal date | { date: profile.updated, property: birthDate } | "birthDate" is personal
a million in one instant | { audience: { at: "09:00" } } | /plays/0/on/audience: names no spread: all would be entered in one instant
`;

const PLAYS = `
an unknown owner | owner: nobody | /plays/0/owner: "nobody" is no team of this document. Add it to "teams", or name one that is there: community, sales, head-of-sales
an exit that cannot hold | exit: { not: { any: [ { stage: lead }, { not: { stage: lead } } ] } } | /plays/0/exit: can never hold: nobody ever leaves by it
a holdout of all | holdout: 100% | /plays/0/holdout: is no share to hold out: "100%"
a holdout as a number | holdout: 10 | is no share to hold out: 10
again and again | again: daily | /plays/0/again: does not say how often: "daily". Write never, always, or such as "every 90d"
a goal without a time | goal: { touchpoint: praise } | /plays/0/goal: has no time: it would be watched for ever. Add "within"
a goal without a touchpoint | goal: { within: 1d } | /plays/0/goal: names no touchpoint
a play in capitals | name: Test | /plays/0/name: is no name: "Test"
`;

const GUARDS = `
an unknown word of guards | { ask: { cooldown: 1d } } | /guards/ask: guards has no key "ask". Did you mean "asks"?
caps that look at too much | { caps: [ { atMost: 62, within: 7d } ] } | /guards: would look back at 65 sends of each customer; the bound is 64 (CONTACTS_KEPT_MAX)
a cap without a window | { caps: [ { atMost: 1 } ] } | /guards/caps/0: has no "within"
a cap of an unknown channel | { caps: [ { channel: mail, atMost: 1, within: 7d } ] } | /guards/caps/0/channel: is not a channel: "mail". Did you mean "email"?
a cap twice | { caps: [ { atMost: 1, within: 7d }, { atMost: 2, within: 7d } ] } | /guards/caps/1: is the same cap as an earlier one
quiet all day | { quiet: { from: "08:04", until: "08:00" } } | /guards/quiet: leaves 4 minutes of the day: nothing could ever be sent
consent as true | { consentUnknown: { marketing: true } } | /guards/consentUnknown/marketing: is not allowed or refused: true or false
a prior without weight | { asks: { prior: { weight: 0 } } } | /guards/asks/prior/weight: is no number from 1 to 1000
`;

const TEAMS = `
hours that end before they begin | hours: { from: "18:00" } | /teams/0/hours: end at 17:00, not after they begin at 18:00
a team in no zone | timeZone: Europe/Berln | /teams/0/timeZone: "Europe/Berln" is no time zone. Did you mean "Europe/Berlin"?
an address to notify | notify: sales@example.com | /teams/0/notify: is no name of a destination: "sales@example.com"
`;

describe('parsePlays: faults', () => {
  it.each(rows(STEPS))('refuses %s', (_, text, fault) => {
    expect(told(inPlay('steps', text))).toContain(fault);
  });

  it.each(rows(RULES))('refuses %s', (_, text, fault) => {
    expect(told(inPlay('who', text))).toContain(fault);
  });

  it.each(rows(TRIGGERS))('refuses %s', (_, text, fault) => {
    expect(told(inPlay('on', text))).toContain(fault);
  });

  it.each(rows(PLAYS))('refuses %s', (_, text, fault) => {
    const [key = '', value = ''] = text.split(/: (.*)/);
    expect(told(inPlay(key, value))).toContain(fault);
  });

  it.each(rows(GUARDS))('refuses %s', (_, text, fault) => {
    expect(told(documentWith([playWith({})], `guards: ${text}\n`))).toContain(fault);
  });

  it.each(rows(TEAMS))('refuses %s', (_, text, fault) => {
    expect(told(inFrame('{ name: community }', `{ name: community, ${text} }`))).toContain(fault);
  });

  const deep = [
    '[ ',
    '{ branch: [ { if: { stage: lead }, then: [ '.repeat(7),
    '{ wait: 1d }',
    ' ] } ] }'.repeat(7),
    ' ]',
  ];
  const wide = `[ { wait: 1d }, { branch: [ { else: [ ${many(63, () => '{ wait: 1d }')} ] } ] } ]`;
  const goals = Array.from({ length: 64 }, (_, i) =>
    playWith({ name: `p${i}`, again: 'always', goal: '{ touchpoint: praise, within: 9d }' }),
  );
  const rules = Array.from({ length: 9 }, (_, i) =>
    playWith({ name: `p${i}`, who: `{ any: [ ${many(29, () => '{ stage: lead }')} ] }` }),
  );
  const sums = many(4, (i) => `{ sum: { type: x.y${i} }, property: z, atLeast: 1, within: 400d }`);

  it.each([
    ['too deep steps', inPlay('steps', deep.join('')), 'is nested deeper than 6 branches and splits'],
    ['too many steps', inPlay('steps', wide), 'is one step more than the 64 that a play may have'],
    [
      'too many traits',
      inPlay('steps', `[ ${many(17, (i) => `{ set: { trait: t${i}, value: x } }`)} ]`),
      'is one trait',
    ],
    [
      'a service with a holdout',
      documentWith([playWith({ purpose: 'service', holdout: '10%' })]),
      'a service that they',
    ],
    [
      'a play twice',
      documentWith([playWith({}), playWith({})]),
      '/plays/1/name: "test" is the name of an earlier play',
    ],
    ['a play without why', documentWith([playWith({ why: null })]), '/plays/0: has no "why". Add it, in one line'],
    ['a play without a trigger', documentWith([playWith({ on: null })]), '/plays/0: says nothing that starts the play'],
    ['a play without steps', documentWith([playWith({ steps: null })]), '/plays/0: has no steps'],
    [
      'a team twice',
      inFrame('name: community', 'name: sales'),
      '/teams/1/name: "sales" is the name of an earlier team',
    ],
    ['a template without text', inFrame('text: "No subject."', 'subject: x'), '/templates/2: has no text'],
    [
      'two lines of subject',
      inFrame('text: "No', 'subject: "a\\nb", text: "No'),
      'the subject holds a control character',
    ],
    ['more state than the bound', documentWith(goals), 'the bound is 12288 (PLAY_STATE_ESTIMATE_MAX)'],
    ['more measures than the bound', inPlay('who', `{ any: [ ${sums} ] }`), 'the bound is 16384 (STATE_BYTES_MAX)'],
    ['too many conditions', documentWith(rules), 'is one condition more than the 256'],
  ])('refuses %s', (_, text, fault) => {
    expect(told(text)).toContain(fault);
  });

  it('lists all of them at once, each with its line', () => {
    const bad = playWith({ owner: 'nobody', again: 'daily', steps: '[ { giv: x } ]', who: '{ stage: nowhere }' });
    const text = documentWith([bad]);
    const lines = text.split('\n');
    const found = faultsOf(text);
    expect(found.map((fault) => fault.split(':')[0])).toEqual([
      '/plays/0/who/stage',
      '/plays/0/again',
      '/plays/0/steps/0',
      '/plays/0/owner',
    ]);
    for (const fault of found) {
      const line = Number(/my\.yaml line (\d+)/.exec(fault)?.[1]);
      const word = /"(nobody|daily|nowhere)"|(giv)/.exec(fault);
      expect(lines[line - 1]).toContain(word?.[1] ?? word?.[2]);
    }
  });
});
