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
  CAPS_MAX,
  CONTACTS_KEPT_MAX,
  PLAYS_MAX,
  PURPOSES_MAX,
  STEPS_MAX,
  TEAMS_MAX,
  TEMPLATE_PART_LENGTH_MAX,
  TEMPLATES_MAX,
} from '../play-limits';
import { CONSENT_DEFAULTS, PRIOR_WEIGHT_MAX } from './guards-parser';
import { CONSENT_SAID, OWED, TRAIT_PATTERN } from './play-condition-parser';
import { PRIORITY_ABS_MAX } from './play-parser';
import { CHANNEL, closed, DURATION, listOf, NAME, oneOrMore, pattern, ref, TIME, WEEKDAYS } from './schema-words';
import type { Properties, Schema } from './schema-words';
import { STEP_SCHEMAS } from './step-parsers/registry';
import { AGAIN_PATTERN, HOLDOUT_PATTERN, TIME_PATTERN, WEEKDAY_NAMES } from './time-parser';
import { LINE_LENGTH_MAX } from './word-parser';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const stageName = pattern(STAGE_NAME_PATTERN);
const stages: Schema = { oneOf: [stageName, { ...listOf(stageName, STAGES_MAX), uniqueItems: true }] };
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
      before: DURATION,
      after: DURATION,
    },
    ['date', 'property'],
    { not: { required: ['before', 'after'] } },
  ),
  closed({ audience: closed({ at: TIME, weekdays: WEEKDAYS, spread: DURATION }, ['at', 'spread']) }, ['audience']),
];

const play = closed(
  {
    name: NAME,
    why: line,
    owner: NAME,
    purpose: NAME,
    on: ref('trigger'),
    who: ref('playRule'),
    again: pattern(AGAIN_PATTERN),
    holdout: pattern(HOLDOUT_PATTERN),
    priority: { type: 'integer', minimum: -PRIORITY_ABS_MAX, maximum: PRIORITY_ABS_MAX },
    steps: listOf(ref('step'), STEPS_MAX),
    goal: closed({ touchpoint: ref('selector'), within: DURATION }, ['touchpoint', 'within']),
    exit: ref('playRule'),
    migrate: flag,
    salt: NAME,
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
  caps: listOf(
    closed({ channel: CHANNEL, purpose: NAME, atMost: count, within: DURATION }, ['atMost', 'within']),
    CAPS_MAX,
    0,
  ),
  quiet: closed({ from: TIME, until: TIME, weekdays: WEEKDAYS }),
  asks: closed({
    cooldown: DURATION,
    atMost: count,
    within: DURATION,
    answerWithin: DURATION,
    afterBadExperience: DURATION,
    prior: closed({
      rate: { type: 'number', minimum: 0, maximum: 1 },
      weight: { type: 'number', minimum: 1, maximum: PRIOR_WEIGHT_MAX },
    }),
  }),
});

const team = closed(
  {
    name: NAME,
    description: text,
    timeZone: text,
    hours: closed({ weekdays: WEEKDAYS, from: TIME, until: TIME }),
    notify: pattern(NAME_PATTERN),
    claimFor: DURATION,
  },
  ['name'],
);

const part: Schema = { type: 'string', minLength: 1, maxLength: TEMPLATE_PART_LENGTH_MAX };
const template = closed({ name: NAME, description: text, subject: line, text: part, html: part }, ['name', 'text']);

/** Members of the document. */
export const PLAYS_PROPERTIES: Properties = {
  plays: { ...listOf(play, PLAYS_MAX), description: 'What is done at a stage or after a touchpoint: docs/plays.md.' },
  guards,
  teams: listOf(team, TEAMS_MAX),
  templates: listOf(template, TEMPLATES_MAX),
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
  const group = (head: 'all' | 'any'): Schema => closed({ [head]: listOf(rule, RULES_IN_ONE_MAX) }, [head]);
  const playConditions: Schema[] = [
    closed({ stage: stages }, ['stage']),
    closed({ openComplaint: flag }, ['openComplaint']),
    closed({ driver: oneOrMore(DRIVERS) }, ['driver']),
    closed({ kind: oneOrMore(CUSTOMER_KINDS) }, ['kind']),
    ...tests({ trait: ref('traitName') }, ['trait']),
    closed({ enrolled: NAME, is: flag }, ['enrolled']),
    closed({ owed: { enum: OWED }, is: flag }, ['owed']),
    closed(
      { consent: closed({ purpose: NAME, channel: CHANNEL }, ['purpose', 'channel']), is: { enum: CONSENT_SAID } },
      ['consent'],
    ),
  ];
  return {
    playName: pattern(NAME_PATTERN),
    traitName: pattern(TRAIT_PATTERN),
    time: { ...pattern(TIME_PATTERN), description: 'Local time of day, in quotes: "09:00".' },
    weekdays: oneOrMore(WEEKDAY_NAMES),
    trigger: { oneOf: triggers },
    step: { oneOf: STEP_SCHEMAS },
    steps: listOf(ref('step'), STEPS_MAX, 0),
    playRule: { oneOf: [...conditions, ...playConditions, group('all'), group('any'), closed({ not: rule }, ['not'])] },
  };
}
