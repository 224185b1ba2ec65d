import { INBOUND_EMAIL_KINDS } from '@rapport/engine';
import {
  ACTION_ID_CHARACTERS,
  ACTOR_LENGTH_MAX,
  CHANNEL_LENGTH_MAX,
  CUSTOMER_ID_LENGTH_MAX,
  ENGAGEMENTS,
  PROPERTIES_MAX,
  SOURCE_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TOUCHPOINT_ID_LENGTH_MAX,
  TYPE_LENGTH_MAX,
} from '@rapport/journey';
import {
  CUSTOMERS_PER_SETTLE_MAX,
  MESSAGE_ID_CHARS_MAX,
  REPORT_ID_CHARS_MAX,
  TOUCHPOINTS_PER_REQUEST_MAX,
} from '../config/limits';
import type { Schema } from './openapi.types';
import {
  flag,
  list,
  mapping,
  moment,
  object,
  oneOf,
  oneOfOrNull,
  ref,
  text,
  textOrNull,
  TRUE_FOR,
  whole,
} from './schema-parts';

const bounded = (maxLength: number, description: string, more: Schema = {}): Schema =>
  text(description, { minLength: 1, maxLength, ...more });

const WORD = '[a-z0-9_-]+';
/** Dotted names; a type has at least one dot. */
const TYPE_PATTERN = { pattern: `^${WORD}(\\.${WORD})+$` };
const CHANNEL_PATTERN = { pattern: `^${WORD}(\\.${WORD})*$` };

const PROBLEM_MEMBERS = {
  type: text('Where this kind of problem is explained.', { format: 'uri-reference' }),
  title: text(),
  status: whole('The status of the answer.', 400),
  detail: text('What is wrong, where, and how to mend it.'),
  instance: text('The path that was asked for.'),
  code: text('A stable name of this kind of problem.'),
  requestId: text('Names the request in the log of the server.'),
  'errors?': list(ref('ProblemField')),
  'offset?': whole('Where the body stops being JSON.'),
  'position?': whole('The position of the log that this is true for.'),
  'because?': text('Of a refused command: the reason, a stable name.'),
  'reasons?': list(text(), 'Why the server is not ready.'),
};

const RESULT_MEMBERS = {
  accepted: whole('Touchpoints that are on disk, known repeats left out.'),
  duplicates: whole('Repeats; found out only where the request waits.'),
  rejected: whole('Touchpoints that were refused.'),
  position: whole('The position of the log after this request.'),
  results: list(ref('TouchpointResult'), 'One for each touchpoint, in the order sent.'),
};

export const INGEST_SCHEMAS: { [name: string]: Schema } = {
  Touchpoint: {
    ...object({
      'touchpointId?': bounded(
        TOUCHPOINT_ID_LENGTH_MAX,
        'With the customer id it counts once, for ever. Absent: derived from the content.',
      ),
      customerId: bounded(CUSTOMER_ID_LENGTH_MAX, 'One line without control characters, not a word like "null".'),
      type: bounded(
        TYPE_LENGTH_MAX,
        'A dotted lower-case name, like `purchase.completed`. Unknown types count as interactions.',
        TYPE_PATTERN,
      ),
      'channel?': bounded(CHANNEL_LENGTH_MAX, 'A lower-case name. Absent: the usual one of the type.', CHANNEL_PATTERN),
      'direction?': oneOf(['inbound', 'outbound'], 'Absent: the usual one of the type.'),
      occurredAt: moment('With a zone. At most five minutes in the future.'),
      'source?': bounded(SOURCE_LENGTH_MAX, 'The system that it comes from.'),
      'properties?': {
        type: 'object',
        maxProperties: PROPERTIES_MAX,
        description: 'What the type describes, and your own.',
      },
      'text?': text('Free text of a person; kept apart as personal.', { maxLength: TEXT_LENGTH_MAX }),
      'actor?': bounded(ACTOR_LENGTH_MAX, 'Who acted for the brand.'),
      'history?': flag('True: recorded and shown at once, but moves no stage until its settling.'),
    }),
    examples: [
      {
        touchpointId: 'order-4711',
        customerId: 'c-42',
        type: 'purchase.completed',
        occurredAt: '2026-03-04T10:11:12Z',
        properties: { amount: 49.9, currency: 'EUR' },
      },
    ],
  },
  TouchpointsBody: {
    oneOf: [
      ref('Touchpoint'),
      { type: 'array', minItems: 1, maxItems: TOUCHPOINTS_PER_REQUEST_MAX, items: ref('Touchpoint') },
    ],
  },
  TouchpointResult: object({
    touchpointId: textOrNull('Null where a refused touchpoint named none that can be shown.'),
    status: oneOf(['accepted', 'duplicate', 'parked', 'rejected']),
    'derivedId?': flag('True where the id was derived from the content.'),
    'error?': ref('ProblemField'),
  }),
  IngestAnswer: object({
    ...RESULT_MEMBERS,
    'waited?': flag('Only with `Prefer: wait`: false where the time ran out before the result could be shown.'),
    'journeys?': mapping(
      object({ stage: textOrNull(), engagement: oneOfOrNull(ENGAGEMENTS) }),
      'By customer id; only where the wait was long enough.',
    ),
  }),
  InboundEmailBody: {
    ...object({
      kind: oneOf(
        INBOUND_EMAIL_KINDS,
        'bounce: it came back for good (not "try again later"); complaint: marked as spam; unsubscribe: by e-mail.',
      ),
      reportId: bounded(REPORT_ID_CHARS_MAX, 'Names this report: sent again, with the same content, it counts once.'),
      at: moment('When it happened.'),
      'action?': bounded(ACTION_ID_CHARACTERS, 'The action whose message it is about.'),
      'messageId?': bounded(
        MESSAGE_ID_CHARS_MAX,
        'The Message-ID of that message: In-Reply-To of a reply, Original-Message-ID of a report.',
      ),
      'customerId?': bounded(CUSTOMER_ID_LENGTH_MAX, 'Whose it is, where no message of ours is known.'),
      'text?': bounded(TEXT_LENGTH_MAX, 'Of a reply: what was written. Kept apart as personal.'),
    }),
    description: 'One of `action`, `messageId` and `customerId` must say whose it is.',
    anyOf: [{ required: ['action'] }, { required: ['messageId'] }, { required: ['customerId'] }],
    examples: [
      {
        kind: 'bounce',
        reportId: 'report-1',
        at: '2026-03-04T10:11:12Z',
        messageId: '<fea58d5997fa9ab9f635b5124dc2545d@brand.example>',
      },
    ],
  },
  InboundEmailAnswer: object({
    customerId: text(),
    touchpointId: text(),
    status: oneOf(['accepted', 'duplicate', 'parked'], 'A repeat is found out only where the request waits.'),
    position: whole('Where it stands in the log.'),
    'waited?': flag('Only with `Prefer: wait`: false where the time ran out.'),
  }),
  IngestRejected: object({ ...PROBLEM_MEMBERS, ...RESULT_MEMBERS }),
  ProblemField: object({
    pointer: text('A JSON pointer into the body (`#/3/occurredAt`), or the name of a parameter or header.'),
    detail: text(),
    code: text(),
  }),
  Problem: object(PROBLEM_MEMBERS, 'RFC 9457.'),
  SettleBody: object({
    'customerIds?': {
      type: 'array',
      minItems: 1,
      maxItems: CUSTOMERS_PER_SETTLE_MAX,
      items: text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX }),
      description: 'Absent: everybody.',
    },
  }),
  ClockBody: object({ believe: flag('True: the clock is right, go on with its time. False: it is not.') }),
  CommandAnswer: object({ ...TRUE_FOR, 'waited?': flag('Only with `Prefer: wait`: false where the time ran out.') }),
  Live: object({ status: { const: 'live' } }),
  Ready: object({
    status: { const: 'ready' },
    position: whole(),
    head: whole(),
    lagEvents: whole(),
    lagSeconds: { type: 'number', minimum: 0 },
    'dispatch?': ref('Dispatch'),
  }),
};
