import { ENGAGEMENTS } from '@rapport/journey';
import { KINDS } from '../queries/list-parameters';
import type { Schema } from './openapi.types';
import {
  decimal,
  flag,
  list,
  mapping,
  moment,
  momentOrNull,
  object,
  oneOf,
  oneOfOrNull,
  page,
  ref,
  text,
  textOrNull,
  TRUE_FOR,
  whole,
} from './schema-parts';

const value: Schema = { type: ['number', 'string', 'boolean', 'null'] };

const CUSTOMER_MEMBERS = {
  customerId: text(),
  stage: textOrNull('Null while only unsettled history is known.'),
  stageSince: momentOrNull(),
  engagement: oneOfOrNull(ENGAGEMENTS),
  engagementSince: momentOrNull(),
  kind: oneOf(KINDS),
  lastTouchpointAt: moment(),
  lastChannel: text(),
  touchpoints: whole(),
  unsettled: flag('True while history waits for its settling.'),
};

const CHANGE_MEMBERS = {
  id: text('`position`, or `position-part` inside a settled chain.'),
  position: whole('Where in the log it was decided.'),
  customerId: text(),
  axis: oneOf(['stage', 'engagement']),
  from: textOrNull('Null = the first.'),
  to: text(),
  at: moment('When it happened.'),
  recordedAt: moment('When it was decided.'),
  definitionVersion: whole(),
  evidence: ref('Evidence'),
  history: flag('True for changes that a settling made.'),
  sentence: text('The change and its evidence in words.'),
};

export const JOURNEY_SCHEMAS: { [name: string]: Schema } = {
  Customer: object(CUSTOMER_MEMBERS),
  Customers: object({
    ...page(ref('Customer')),
    'total?': object({ customers: whole(), exact: flag('False: at least that many.') }, 'Only with `count=true`.'),
  }),
  CustomerDetails: object({
    ...CUSTOMER_MEMBERS,
    rungs: list(
      object({
        stage: text(),
        holds: flag('Its rule holds now.'),
        held: flag('The customer is on it, by the rule that keeps.'),
      }),
      'Every stage, lowest first.',
    ),
    traits: mapping({}, 'By name.'),
    personal: mapping({}, 'Personal traits, by name.'),
    consents: list(object({ purpose: text(), channel: textOrNull(), given: flag(), at: moment() })),
    totals: object({
      touchpoints: whole(),
      inbound: whole(),
      outbound: whole(),
      purchases: whole(),
      purchaseValue: decimal(),
      returns: whole(),
      unnamedReturns: whole('Returns that name no purchase: they cancel none.'),
      firstTouchpointAt: momentOrNull(),
    }),
    nextChangeAt: momentOrNull('The earliest moment at which time alone may change an answer.'),
    openComplaints: whole(),
    ...TRUE_FOR,
  }),
  Evidence: object({
    definition: text(),
    definitionVersion: whole(),
    rule: text('The rule that decided, like `loyal.enter`.'),
    at: moment('The moment that the rule was evaluated at.'),
    conditions: list(ref('ConditionEvidence')),
  }),
  ConditionEvidence: object({
    path: text(),
    condition: text('The condition in words.'),
    holds: flag(),
    value: {
      ...value,
      description:
        'A count, days, a sum, milliseconds, a share, the last value or the engagement; null = nothing there.',
    },
    'atLeast?': flag('True: the value may be greater.'),
    touchpoints: list(
      object({ touchpointId: text(), occurredAt: moment() }),
      'Those that the value stands on, newest last.',
    ),
  }),
  Timeline: object(page({ oneOf: [ref('TimelineTouchpoint'), ref('TimelineChange'), ref('TimelinePlay')] })),
  TimelineTouchpoint: object({
    kind: { const: 'touchpoint' },
    position: whole(),
    touchpointId: text(),
    type: text(),
    meanings: list(text()),
    channel: text(),
    direction: oneOf(['inbound', 'outbound']),
    occurredAt: moment(),
    recordedAt: moment(),
    source: text(),
    properties: mapping({}),
    'text?': text(),
    'actor?': text(),
    history: flag(),
  }),
  TimelineChange: object({
    kind: oneOf(['stageChange', 'engagementChange']),
    id: text(),
    position: whole(),
    from: textOrNull(),
    to: text(),
    at: moment(),
    recordedAt: moment(),
    sentence: text(),
    history: flag(),
  }),
  TimelinePlay: object({
    kind: { const: 'play' },
    type: text('PlayEntered, ActionRequested, ActionWithheld, PlayExited ...'),
    play: text(),
    'position?': whole('Absent for entries.'),
    at: moment(),
    sentence: text('What was decided, in words.'),
  }),
  Why: object({
    customerId: text(),
    stage: textOrNull(),
    since: momentOrNull(),
    sentence: text('Why this stage, in words.'),
    evidence: { anyOf: [ref('Evidence'), { type: 'null' }] },
    'change?': object({ id: text(), position: whole(), at: moment(), from: textOrNull(), history: flag() }),
    engagement: object({
      value: oneOfOrNull(ENGAGEMENTS),
      since: momentOrNull(),
      sentence: text(),
      evidence: { anyOf: [ref('Evidence'), { type: 'null' }] },
    }),
    rungs: list(object({ stage: text(), holds: flag(), held: flag(), sentence: text() })),
    'next?': object({
      stage: text(),
      missing: list(object({ path: text(), condition: text(), value, needed: value, sentence: text() })),
    }),
    ...TRUE_FOR,
  }),
  Change: object(CHANGE_MEMBERS),
  Changes: object(page(ref('Change'))),
  StagesReport: object({
    from: moment('Included.'),
    until: moment('Excluded.'),
    stages: list(
      object({
        stage: text(),
        opening: whole(),
        in: whole(),
        out: whole(),
        closing: whole('opening + in - out.'),
        links: object(
          { opening: text(), in: text(), out: text(), closing: text() },
          'Where the people behind the numbers are listed.',
        ),
      }),
    ),
    ...TRUE_FOR,
  }),
  Standing: object(page(object({ customerId: text(), stage: text(), since: moment() }))),
  Counts: object({
    stages: list(object({ stage: textOrNull(), engagement: oneOfOrNull(ENGAGEMENTS), customers: whole() })),
    total: whole(),
    unsettled: whole(),
    ...TRUE_FOR,
  }),
  Parked: object(
    page(
      object({
        position: whole(),
        customerId: text(),
        touchpointId: text(),
        reason: oneOf(['conflict', 'unreadable', 'failed']),
        detail: text(),
        parkedAt: moment(),
      }),
    ),
  ),
  Definition: object({
    name: text(),
    version: whole(undefined, 1),
    stages: list(text(), 'Lowest first.'),
    document: text('The document as it was adopted, YAML or JSON.'),
    ...TRUE_FOR,
  }),
};
