/** JSON Schema of plays, guards, teams and templates, for editors. The parser checks the same and looks across the document. */
import { CUSTOMER_KINDS } from '../../language/catalogue/profile';
import {
  NAME_PATTERN,
  RULES_IN_ONE_MAX,
  STAGE_NAME_PATTERN,
  STAGES_MAX,
} from '../../language/definition/definition-limits';
import { PROPERTY_NAME_LENGTH_MAX } from '../../language/touchpoint/touchpoint-limits';
import { DRIVERS } from '../play';
import {
  ARMS_MAX,
  CAPS_MAX,
  CONTACTS_KEPT_MAX,
  PLAYS_MAX,
  PURPOSES_MAX,
  STEPS_MAX,
  TEAMS_MAX,
  TEMPLATE_PART_LENGTH_MAX,
  TEMPLATES_MAX,
  TRAIT_VALUE_LENGTH_MAX,
} from '../play-limits';
import { PLAY_CHANNELS, TASK_CHANNEL } from './channel-names';
import { CONSENT_DEFAULTS, PRIOR_WEIGHT_MAX } from './guards-parser';
import { CONSENT_SAID, OWED, TRAIT_PATTERN } from './play-condition-parser';
import { PRIORITY_ABS_MAX } from './play-parser';
import { IF_WITHHELD } from './step-parsers/act';
import { AGAIN_PATTERN, HOLDOUT_PATTERN, SHARE_PATTERN, TIME_PATTERN, WEEKDAY_NAMES } from './time-parser';
import { LINE_LENGTH_MAX } from './word-parser';

type Schema = { readonly [keyword: string]: unknown };
type Properties = { readonly [name: string]: Schema };

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const closed = (properties: Properties, required: readonly string[] = [], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});
const list = (items: Schema, maxItems: number, minItems = 1): Schema => ({ type: 'array', items, minItems, maxItems });
const oneOrMore = (words: readonly string[]): Schema => ({
  oneOf: [{ enum: words }, { ...list({ enum: words }, words.length), uniqueItems: true }],
});
const pattern = (text: string): Schema => ({ type: 'string', pattern: text });

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const name = ref('playName');
const duration = ref('duration');
const channel: Schema = { enum: PLAY_CHANNELS };
const weekdays = ref('weekdays');
const time = ref('time');
const stageName = pattern(STAGE_NAME_PATTERN);
const stages: Schema = { oneOf: [stageName, { ...list(stageName, STAGES_MAX), uniqueItems: true }] };
const line: Schema = { type: 'string', minLength: 1, maxLength: LINE_LENGTH_MAX };

const triggers: Schema[] = [
  { const: 'manual' },
  closed({ stage: closed({ entered: stages, left: stages }, [], { minProperties: 1 }) }, ['stage']),
  closed({ touchpoint: ref('selector') }, ['touchpoint']),
  closed({ engagement: closed({ to: ref('engagements'), from: ref('engagements') }, ['to']) }, ['engagement']),
  closed(
    {
      date: ref('selector'),
      property: { type: 'string', minLength: 1, maxLength: PROPERTY_NAME_LENGTH_MAX },
      before: duration,
      after: duration,
    },
    ['date', 'property'],
    { not: { required: ['before', 'after'] } },
  ),
  closed({ audience: closed({ at: time, weekdays, spread: duration }, ['at', 'spread']) }, ['audience']),
];

const ACTS = { template: name, ifWithheld: { enum: IF_WITHHELD }, staleAfter: duration, sendWithin: duration };
const TASKS = { team: name, sla: duration, escalateTo: name };
const ESCALATES: Schema = { dependentRequired: { escalateTo: ['sla'] } };
const others = PLAY_CHANNELS.filter((one) => one !== TASK_CHANNEL);

function act(verb: 'give' | 'ask' | 'tell'): Schema[] {
  return [
    closed({ [verb]: name, by: { enum: others }, ...ACTS }, [verb, 'by']),
    closed({ [verb]: name, by: { const: TASK_CHANNEL }, ...ACTS, ...TASKS }, [verb, 'by'], ESCALATES),
  ];
}

const inner: Schema = { type: 'array', items: ref('step'), maxItems: STEPS_MAX };
const steps: Schema[] = [
  ...act('give'),
  ...act('ask'),
  ...act('tell'),
  closed({ task: name, by: { const: TASK_CHANNEL }, ...ACTS, ...TASKS }, ['task'], ESCALATES),
  closed({ wait: duration }, ['wait']),
  closed({ waitFor: closed({ touchpoint: ref('selector') }, ['touchpoint']), atMost: duration }, ['waitFor', 'atMost']),
  closed({ waitUntil: closed({ time, weekdays }, [], { minProperties: 1 }) }, ['waitUntil']),
  closed(
    {
      branch: list(
        {
          oneOf: [closed({ if: ref('playRule'), then: inner }, ['if', 'then']), closed({ else: inner }, ['else'])],
        },
        ARMS_MAX,
      ),
    },
    ['branch'],
  ),
  closed(
    {
      split: list(closed({ name, share: pattern(SHARE_PATTERN), then: inner }, ['name', 'share', 'then']), ARMS_MAX, 2),
    },
    ['split'],
  ),
  closed(
    {
      set: closed(
        {
          trait: ref('traitName'),
          value: { oneOf: [{ type: 'string', minLength: 1, maxLength: TRAIT_VALUE_LENGTH_MAX }, { type: 'null' }] },
        },
        ['trait', 'value'],
      ),
    },
    ['set'],
  ),
  closed({ end: { type: 'null' } }, ['end']),
];

const play = closed(
  {
    name,
    why: line,
    owner: name,
    purpose: name,
    on: ref('trigger'),
    who: ref('playRule'),
    again: pattern(AGAIN_PATTERN),
    holdout: pattern(HOLDOUT_PATTERN),
    priority: { type: 'integer', minimum: -PRIORITY_ABS_MAX, maximum: PRIORITY_ABS_MAX },
    steps: list(ref('step'), STEPS_MAX),
    goal: closed({ touchpoint: ref('selector'), within: duration }, ['touchpoint', 'within']),
    exit: ref('playRule'),
    migrate: flag,
    salt: name,
  },
  ['name', 'why', 'owner', 'purpose', 'on', 'steps'],
);

const count: Schema = { type: 'integer', minimum: 1, maximum: CONTACTS_KEPT_MAX };
const guards = closed({
  consentUnknown: {
    type: 'object',
    propertyNames: pattern(NAME_PATTERN),
    maxProperties: PURPOSES_MAX,
    additionalProperties: { enum: CONSENT_DEFAULTS },
  },
  caps: list(closed({ channel, purpose: name, atMost: count, within: duration }, ['atMost', 'within']), CAPS_MAX, 0),
  quiet: closed({ from: time, until: time, weekdays }),
  asks: closed({
    cooldown: duration,
    atMost: count,
    within: duration,
    answerWithin: duration,
    afterBadExperience: duration,
    prior: closed({
      rate: { type: 'number', minimum: 0, maximum: 1 },
      weight: { type: 'number', minimum: 1, maximum: PRIOR_WEIGHT_MAX },
    }),
  }),
});

const team = closed(
  {
    name,
    description: text,
    timeZone: text,
    hours: closed({ weekdays, from: time, until: time }),
    notify: pattern(NAME_PATTERN),
    claimFor: duration,
  },
  ['name'],
);

const part: Schema = { type: 'string', minLength: 1, maxLength: TEMPLATE_PART_LENGTH_MAX };
const template = closed({ name, description: text, subject: line, text: part, html: part }, ['name', 'text']);

/** Members of the document. */
export const PLAYS_PROPERTIES: Properties = {
  plays: { ...list(play, PLAYS_MAX), description: 'What is done at a stage or after a touchpoint: docs/plays.md.' },
  guards,
  teams: list(team, TEAMS_MAX),
  templates: list(template, TEMPLATES_MAX),
};

/**
 * Definitions that they refer to.
 * @param conditions those of stages
 * @param tests the forms of a test on a value, with what stands around them
 */
export function playDefinitions(
  conditions: readonly Schema[],
  tests: (around: Properties, required: readonly string[]) => Schema[],
): Properties {
  const rule = ref('playRule');
  const group = (head: 'all' | 'any'): Schema => closed({ [head]: list(rule, RULES_IN_ONE_MAX) }, [head]);
  const playConditions: Schema[] = [
    closed({ stage: stages }, ['stage']),
    closed({ openComplaint: flag }, ['openComplaint']),
    closed({ driver: oneOrMore(DRIVERS) }, ['driver']),
    closed({ kind: oneOrMore(CUSTOMER_KINDS) }, ['kind']),
    ...tests({ trait: ref('traitName') }, ['trait']),
    closed({ enrolled: name, is: flag }, ['enrolled']),
    closed({ owed: { enum: OWED }, is: flag }, ['owed']),
    closed({ consent: closed({ purpose: name, channel }, ['purpose', 'channel']), is: { enum: CONSENT_SAID } }, [
      'consent',
    ]),
  ];
  return {
    playName: pattern(NAME_PATTERN),
    traitName: pattern(TRAIT_PATTERN),
    time: { ...pattern(TIME_PATTERN), description: 'Local time of day, in quotes: "09:00".' },
    weekdays: oneOrMore(WEEKDAY_NAMES),
    trigger: { oneOf: triggers },
    step: { oneOf: steps },
    playRule: { oneOf: [...conditions, ...playConditions, group('all'), group('any'), closed({ not: rule }, ['not'])] },
  };
}
