/** The parameters, each once. Their rules stand in queries/; a test holds the two against each other. */
import { DECISION_TYPES } from '@rapport/engine';
import { CUSTOMER_ID_LENGTH_MAX, DURATION_PATTERN, ENGAGEMENTS } from '@rapport/journey';
import {
  CURSOR_CHARS_MAX,
  FILTER_CHARS_MAX,
  FILTER_VALUES_MAX,
  LIST_LIMIT_DEFAULT,
  LIST_LIMIT_MAX,
} from '../config/limits';
import { CUSTOMER_SORTS, KINDS } from '../queries/list-parameters';
import type { Parameter, Schema } from './openapi.types';
import { flag, moment, oneOf, text, whole } from './schema-parts';

export const query = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});

/** May be repeated: any of the values. */
export const anyOf = (name: string, description: string, items: Schema): Parameter => ({
  ...query(name, `${description} Repeat it for any of several.`, { type: 'array', maxItems: FILTER_VALUES_MAX, items }),
  style: 'form',
  explode: true,
});

export const name: Schema = text(undefined, { minLength: 1, maxLength: FILTER_CHARS_MAX });
const engagement: Schema = oneOf(ENGAGEMENTS);
const duration: Schema = text(undefined, { pattern: DURATION_PATTERN, examples: ['30d', '12h'] });

export const LIST: Parameter[] = [
  query('limit', `Rows of a page. More than ${LIST_LIMIT_MAX} is taken as ${LIST_LIMIT_MAX}.`, {
    ...whole(undefined, 1),
    default: LIST_LIMIT_DEFAULT,
  }),
  query(
    'cursor',
    'The nextCursor of the page before, with the same filters.',
    text(undefined, { minLength: 1, maxLength: CURSOR_CHARS_MAX }),
  ),
];

export const CUSTOMERS: Parameter[] = [
  anyOf('stage', 'Present stage.', name),
  anyOf('engagement', 'Present engagement.', engagement),
  anyOf('kind', 'Kind of customer.', oneOf(KINDS)),
  anyOf('channel', 'Channel of the last touchpoint.', name),
  query('inStageAtLeast', 'At least this long in the present stage: s, m, h, d or w.', duration),
  query('inStageAtMost', 'At most this long in the present stage.', duration),
  query('lastTouchpointFrom', 'Last touchpoint at this moment or later.', moment()),
  query('lastTouchpointTo', 'Last touchpoint at this moment or earlier.', moment()),
  query('sort', 'By the time in the stage, the last touchpoint or the id; `-` = descending.', {
    ...oneOf(CUSTOMER_SORTS),
    default: 'id',
  }),
  query('count', 'True: the total too.', { ...flag(), default: false }),
  ...LIST,
];

const changes = (values: Schema): Parameter[] => [
  anyOf('to', 'What it changed to.', values),
  anyOf('from', 'What it changed from.', values),
  query('customerId', 'Of one customer.', text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX })),
  query('history', 'True: only what a settling made; false: only live changes.', flag()),
  query('atFrom', 'From this moment on.', moment()),
  query('atUntil', 'Before this moment.', moment()),
  ...LIST,
];
export const STAGE_CHANGES = changes(name);
export const ENGAGEMENT_CHANGES = changes(engagement);

export const STANDING: Parameter[] = [
  { ...query('stage', 'The stage.', name), required: true },
  { ...query('before', 'Just before this moment.', moment()), required: true },
  ...LIST,
];

export const REPORT: Parameter[] = [
  { ...query('from', 'Start of the period, included.', moment()), required: true },
  { ...query('until', 'End of the period, excluded; later than `from`.', moment()), required: true },
];

const position: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const everyStream: Parameter[] = [
  query(
    'from',
    'Where to start: `now`, `beginning`, or after this position.',
    text(undefined, { pattern: '^(now|beginning|[0-9]{1,15})$', default: 'now' }),
  ),
  query('lastEventId', 'Resume after this event.', position),
  query('customerId', 'Of one customer.', text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX })),
  query('chains', 'True: restated chains too.', { ...flag(), default: false }),
  { name: 'Last-Event-ID', in: 'header', description: 'Resume after this event; wins over the URL.', schema: position },
];
const stream = (values: Schema): Parameter[] => [anyOf('to', 'What it changed to.', values), ...everyStream];
export const DECISIONS: Parameter[] = [
  anyOf('type', 'Of this type. Restated history comes where `HistoryRestated` is named.', oneOf(DECISION_TYPES)),
  anyOf('play', 'About this play.', name),
  query('customerId', 'Of one customer.', text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX })),
  query('after', 'Oldest first, after this position of the log. Absent: newest first.', position),
  ...LIST,
];
export const DECISION_STREAM = [anyOf('type', 'Of this type.', oneOf(DECISION_TYPES)), ...everyStream];
export const STAGE_STREAM = stream(name);
export const ENGAGEMENT_STREAM = stream(engagement);

/** A part of the path. */
export const inPath = (name: string, description: string, schema: Schema): Parameter => ({
  ...{ name, in: 'path', required: true, description, schema },
});

export const CUSTOMER_ID = inPath(
  'customerId',
  'The customer.',
  text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX }),
);

export const PARKED_POSITION = inPath('position', 'Position of the parked input.', { ...position, minimum: 1 });
