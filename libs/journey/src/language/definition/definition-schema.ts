/**
 * The published JSON Schema (2020-12) of a definition document, for editors and other programs. The parser checks the same
 * and more: what looks across the document (names used twice, contradictions, bounds of state) stands there alone.
 */
import { ENGAGEMENTS } from '../../definition';
import { PLAYS_PROPERTIES, playDefinitions } from '../../plays/language/plays-schema';
import { MEANINGS } from '../catalogue/catalogue-entry';
import { DURATION_PATTERN } from '../duration';
import {
  CHANNEL_LENGTH_MAX,
  PROPERTY_NAME_LENGTH_MAX,
  PROPERTY_STRING_LENGTH_MAX,
  TYPE_LENGTH_MAX,
} from '../touchpoint/touchpoint-limits';
import {
  GAPS_MAX,
  LIST_MAX,
  NAME_PATTERN,
  NUMBER_ABS_MAX,
  RULES_IN_ONE_MAX,
  STAGE_NAME_PATTERN,
  STAGES_MAX,
  WHERE_MAX,
} from './definition-limits';
import { FACTOR_MAX } from './engagement-parser';
import { ANY } from './selector-parser';

type Schema = { readonly [keyword: string]: unknown };

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const closed = (
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
  more: Schema = {},
): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});

const ONE_BOUND: Schema = { anyOf: [{ required: ['atLeast'] }, { required: ['atMost'] }] };
const number: Schema = { type: 'number', minimum: -NUMBER_ABS_MAX, maximum: NUMBER_ABS_MAX };
const bounds = (schema: Schema): { readonly [name: string]: Schema } => ({ atLeast: schema, atMost: schema });
const word: Schema = { type: 'string', minLength: 1, maxLength: PROPERTY_STRING_LENGTH_MAX };
const channel: Schema = { type: 'string', pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)*$', maxLength: CHANNEL_LENGTH_MAX };
const oneOrMore = (item: Schema): Schema => ({
  oneOf: [item, { type: 'array', items: item, minItems: 1, maxItems: LIST_MAX }],
});
const property: Schema = { type: 'string', minLength: 1, maxLength: PROPERTY_NAME_LENGTH_MAX };

const selectorFields = {
  meaning: { enum: MEANINGS },
  type: ref('type'),
  where: { type: 'object', minProperties: 1, maxProperties: WHERE_MAX, additionalProperties: ref('test') },
  channel: oneOrMore(channel),
  direction: { enum: ['inbound', 'outbound'] },
  source: oneOrMore(word),
};
const ONE_KIND: Schema = { not: { required: ['meaning', 'type'] } };

const scalar: Schema = {
  oneOf: [{ type: 'string', maxLength: PROPERTY_STRING_LENGTH_MAX }, number, { type: 'boolean' }],
};
const scalars: Schema = { type: 'array', items: scalar, minItems: 1, maxItems: LIST_MAX };
const orMissing: Schema = { type: 'boolean' };

/** The forms of a test, each with the keys around it: one kind of test at a time. */
function tests(around: { readonly [name: string]: Schema }, required: readonly string[]): Schema[] {
  return [
    closed({ ...around, equals: scalar, orMissing }, [...required, 'equals']),
    closed({ ...around, oneOf: scalars, orMissing }, [...required, 'oneOf']),
    closed({ ...around, ...bounds(number), orMissing }, required, ONE_BOUND),
    closed({ ...around, exists: { type: 'boolean' }, orMissing: { const: false } }, [...required, 'exists']),
  ];
}

function counted(measure: 'count' | 'distinctDays'): Schema {
  const count = { type: 'integer', maximum: NUMBER_ABS_MAX };
  const compare = { atLeast: { ...count, minimum: 1 }, atMost: { ...count, minimum: 0 } };
  return closed({ [measure]: ref('selector'), ...compare, within: ref('duration') }, [measure], ONE_BOUND);
}

function spanned(measure: 'since' | 'tenure'): Schema {
  const of: Schema = measure === 'tenure' ? { oneOf: [ref('selector'), { type: 'null' }] } : ref('selector');
  return closed({ [measure]: of, ...bounds(ref('duration')) }, [measure], ONE_BOUND);
}

const summed = (of: Schema, beside: { readonly [name: string]: Schema }): Schema =>
  closed(
    { sum: of, ...beside, ...bounds(number), within: ref('duration') },
    ['sum', ...Object.keys(beside)],
    ONE_BOUND,
  );

const group = (head: 'all' | 'any'): Schema =>
  closed({ [head]: { type: 'array', items: ref('rule'), minItems: 1, maxItems: RULES_IN_ONE_MAX } }, [head]);

const conditions: Schema[] = [
  counted('count'),
  counted('distinctDays'),
  summed(ref('selector'), { property }),
  summed(ref('selectorWithProperty'), {}),
  spanned('since'),
  spanned('tenure'),
  ...tests({ last: ref('selector'), property }, ['last', 'property']),
  ...tests({ last: ref('selectorWithProperty') }, ['last']),
  closed(
    {
      share: closed({ of: ref('selector'), among: ref('selector') }, ['of', 'among']),
      ...bounds({ type: 'number', minimum: 0, maximum: 1 }),
      within: ref('duration'),
    },
    ['share'],
    ONE_BOUND,
  ),
  closed({ engagement: ref('engagements') }, ['engagement']),
];

const stage = (required: readonly string[]): Schema =>
  closed(
    {
      name: { type: 'string', pattern: STAGE_NAME_PATTERN },
      description: { type: 'string' },
      enter: ref('rule'),
      keep: ref('rule'),
    },
    ['name', ...required],
    { dependentRequired: { keep: ['enter'] } },
  );

const step = closed({
  factor: { type: 'number', exclusiveMinimum: 0, maximum: FACTOR_MAX },
  floor: ref('duration'),
  fixed: ref('duration'),
});
const gaps: Schema = { type: 'integer', minimum: 1, maximum: GAPS_MAX };

export const definitionJsonSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:rapport:definition',
  title: 'Rapport definition',
  description:
    'Stages, engagement limits and plays of a customer journey. Explained in docs/definition.md and docs/plays.md.',
  ...closed(
    {
      $schema: { type: 'string' },
      name: { type: 'string', pattern: NAME_PATTERN },
      description: { type: 'string' },
      timeZone: { type: 'string', description: 'IANA name; days are days of this zone.' },
      stages: {
        type: 'array',
        description: 'Lowest first. Only the lowest may be without an enter rule.',
        minItems: 1,
        maxItems: STAGES_MAX,
        prefixItems: [stage([])],
        items: stage(['enter']),
      },
      engagement: closed({ gaps, gapsAtLeast: gaps, cooling: step, atRisk: step, lapsed: step }),
      ...PLAYS_PROPERTIES,
    },
    ['stages'],
  ),
  $defs: {
    duration: { type: 'string', pattern: DURATION_PATTERN, description: 'A whole number and s, m, h, d or w: 365d.' },
    type: { type: 'string', pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$', maxLength: TYPE_LENGTH_MAX },
    selector: {
      description: `A meaning, a type (with a dot), "${ANY}", or the long form.`,
      oneOf: [{ enum: [...MEANINGS, ANY] }, ref('type'), closed(selectorFields, [], ONE_KIND)],
    },
    selectorWithProperty: closed({ ...selectorFields, property }, ['property'], ONE_KIND),
    test: { oneOf: [scalar, scalars, ...tests({}, [])] },
    engagements: {
      oneOf: [
        { enum: ENGAGEMENTS },
        { type: 'array', items: { enum: ENGAGEMENTS }, minItems: 1, maxItems: ENGAGEMENTS.length, uniqueItems: true },
      ],
    },
    rule: { oneOf: [...conditions, group('all'), group('any'), closed({ not: ref('rule') }, ['not'])] },
    ...playDefinitions(conditions, tests),
  },
};
