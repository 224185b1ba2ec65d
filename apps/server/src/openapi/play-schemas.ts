import { DECISION_TYPES } from '@rapport/engine';
import { GUARDS, PLAY_CHANNELS } from '@rapport/journey';
import { ACTION_ROW_STATES, ENROLMENT_PHASES, WHY_NOT_REASONS } from '../plays/row-words';
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
  page,
  ref,
  text,
  textOrNull,
  TRUE_FOR,
  whole,
} from './schema-parts';

const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

const COUNTS = {
  entered: whole(),
  waiting: whole('Under way: their steps are not over.'),
  completed: whole('Came to the end of the steps.'),
  converted: whole('Met the goal.'),
  exited: mapping(whole(), 'By reason.'),
  withheld: mapping(whole(), 'By reason; once for each change of reason.'),
};

const ARM = object({ entered: whole(), converted: whole() });

const PLAY_MEMBERS = {
  play: text(),
  'why?': text(),
  'owner?': text('The team that its tasks go to.'),
  'purpose?': text('What the customer must have consented to; `service` needs none.'),
  'trigger?': text('stage, touchpoint, engagement, date, audience or manual.'),
  'holdout?': { type: 'number', minimum: 0, maximum: 1 },
  'hasGoal?': flag(),
  'gone?': flag('True: the definition in force has it no more.'),
  paused: flag(),
  'pausedSince?': moment(),
  ...COUNTS,
  heldOut: object(COUNTS, 'Those on whom nobody acts: the yardstick.'),
  comparison: {
    ...orNull(ref('HoldoutComparison')),
    description: 'Null where one of the two groups is empty.',
  },
};

const ENROLMENT = object({
  customerId: text(),
  play: text(),
  enrolment: whole('The how-manieth of this customer in this play.'),
  playVersion: whole('Version of the definition whose steps it follows.'),
  held: flag('Held out: steps are taken, nobody acts.'),
  first: flag(),
  phase: oneOf(ENROLMENT_PHASES, '`watching`: the steps are over, the goal is not.'),
  step: text('Indexes from the list of steps down.'),
  withheld: text('Reason of the withholding that stands; empty = none.'),
  enteredAt: moment(),
  until: momentOrNull('End of the wait or deferral.'),
  goalUntil: momentOrNull('Null = the play has no goal.'),
  convertedAt: momentOrNull(),
  exitedAt: momentOrNull(),
  exitReason: text(),
  position: whole('The last decision about it.'),
});

const ACTION_MEMBERS = {
  action: text('The id. What is sent carries it, so that it counts once.'),
  customerId: text(),
  play: text(),
  enrolment: whole(),
  step: text(),
  verb: oneOf(['give', 'ask', 'tell', 'task']),
  what: text(),
  channel: text(),
  purpose: text(),
  state: oneOf(ACTION_ROW_STATES),
  reason: text('Why it was not carried out; empty = it was, or is open.'),
  requestedAt: moment(),
  notBefore: moment('No attempt starts before this.'),
  sendBefore: moment('Nor after this.'),
  settledAt: momentOrNull(),
  attempts: whole('Attempts started.'),
  lastResult: text(),
  nextAttemptAt: momentOrNull(),
  'task?': object(
    {
      team: text(),
      assignee: textOrNull('Null = nobody has claimed it.'),
      escalated: flag(),
      claimedUntil: momentOrNull(),
      slaDue: momentOrNull(),
    },
    'Where a human is to do it.',
  ),
};

const REASON = { reason: oneOf(WHY_NOT_REASONS), until: momentOrNull('Null = only another touchpoint can tell.') };

export const PLAY_SCHEMAS: { [name: string]: Schema } = {
  Plays: object({ items: list(ref('PlayCounts'), 'In the order of the definition.'), ...TRUE_FOR }),
  PlayCounts: object(PLAY_MEMBERS),
  Channels: object({
    items: list(
      object({
        channel: oneOf(PLAY_CHANNELS),
        paused: { type: ['boolean', 'null'], description: 'Null = this server carries nothing out.' },
        effects: oneOf(['off', 'sandbox', 'live'], 'Where its messages go now.'),
      }),
    ),
    position: whole('The position of the log that is carried out.'),
  }),
  PlayDetails: object({
    ...PLAY_MEMBERS,
    'definition?': {
      type: 'object',
      description: 'As the engine understands it, defaults filled in, durations in ms.',
    },
    ...TRUE_FOR,
  }),
  HoldoutComparison: object(
    {
      method: { const: 'newcombe' },
      level: decimal('Of the interval.'),
      difference: decimal('Share converted of those acted on, less that of those held out.'),
      low: decimal(),
      high: decimal(),
      actedOn: ARM,
      heldOut: ARM,
    },
    'By assignment, first entries only.',
  ),
  Enrolments: object(page(ENROLMENT)),
  Actions: object(page(object({ ...ACTION_MEMBERS, position: whole('Where it was requested.') }))),
  ActionDetails: object({
    ...ACTION_MEMBERS,
    round: whole('0, and one more each time that the step asks again.'),
    'template?': text(),
    'escalateTo?': text(),
    playVersion: whole(),
    'override?': object({ by: text(), reason: text() }, 'Who passed over the guards of time, and why.'),
    cause: { type: 'object', description: 'What set it off; `kind` says which members there are.' },
    evidence: list(ref('ConditionEvidence'), 'One for each guard that was asked.'),
    sentence: text('The request in words.'),
    events: list(
      { type: 'object', description: '`type`, `position`, `recordedAt` and what the type has.' },
      'Its attempts. The message is not in them.',
    ),
    ...TRUE_FOR,
  }),
  Decisions: object(
    page({
      type: 'object',
      description: 'With the members of its type: cause, evidence, what was decided.',
      properties: {
        id: text(),
        type: oneOf(DECISION_TYPES),
        position: whole(),
        customerId: text(),
        recordedAt: moment(),
        sentence: text('The decision in words.'),
      },
      required: ['id', 'type', 'position', 'customerId', 'recordedAt', 'sentence'],
    }),
  ),
  Preview: object({
    customerId: text(),
    template: text(),
    'play?': text('The play whose step it is.'),
    version: whole('Of the definition.'),
    from: oneOf(
      ['action', 'enrolment', 'sample', 'nothing'],
      'Where cause and evidence are from: an action made with it, the enrolment that leads to one, the newest touchpoint as a sample.',
    ),
    cause: { type: 'object', description: 'As the template sees it; `touchpoint` where there is one.' },
    evidence: list(
      { type: 'object' },
      'As the template sees it: the guards of the action. Empty where there was none.',
    ),
    'subject?': text(),
    'text?': text(),
    'html?': text(),
    'survey?': object(
      { kind: oneOf(['nps', 'csat', 'choice', 'text']), question: text(), choices: list(text()) },
      'What the page behind the link asks.',
    ),
    'failed?': text('Why no message can be made for this customer.'),
    ...TRUE_FOR,
  }),
  LedgerAnswer: object({
    customerId: text(),
    ledger: { ...orNull(ref('Ledger')), description: 'Null = the definition has no plays, so none is kept.' },
    'detail?': text(),
    ...TRUE_FOR,
  }),
  Ledger: object({
    asked: whole(),
    answered: whole(),
    declined: whole(),
    unanswered: whole(),
    open: list(
      object({
        'action?': text('Absent for an ask that no play made.'),
        kind: text(),
        openedAt: moment(),
        reference: text('What an answer names to answer this ask; empty = none.'),
      }),
    ),
    given: whole('Gifts, help and thanks of the brand.'),
    received: whole('Deeds, praise and answers of the customer.'),
    thanksOwedByBrand: whole(),
    thanksOwedByCustomer: whole(),
    answerRate: decimal('Shrunk towards the prior: few asks tell little.'),
    prior: object({ rate: decimal(), weight: decimal('Asks that the prior counts as.') }),
    driver: textOrNull('What the customer loves the brand for.'),
    next: list(
      object({
        kind: text(),
        rate: decimal('Shrunk answer rate of this kind.'),
        eligibleAt: momentOrNull('Null = only another touchpoint can tell.'),
        whyNot: list(object({ ...REASON, reason: oneOf(GUARDS) }), 'Why not at once; empty = now.'),
      }),
      'Whom to ask next for what, best first.',
    ),
  }),
  WhyNot: object({
    customerId: text(),
    play: text(),
    now: flag('True: it would be entered, or its present step would act, now.'),
    'step?': text('The next step that acts: `reasons` speaks of it.'),
    reasons: list(object({ ...REASON, detail: text() }), 'Everything that stands in the way, not only the first.'),
    ahead: list(
      object({
        step: text(),
        verb: oneOf(['give', 'ask', 'tell', 'task']),
        what: text(),
        channel: oneOf(PLAY_CHANNELS),
        reasons: list(object({ ...REASON, detail: text() })),
      }),
      'Every step ahead that acts, in all arms, the next one first: what its guards would say today.',
    ),
    evidence: list(ref('ConditionEvidence')),
    lastWithheld: {
      ...orNull(object({ position: whole(), at: moment(), reason: text(), sentence: text() })),
      description: 'The last withholding on record.',
    },
    ...TRUE_FOR,
  }),
  Commanded: object({ position: whole('Of the command. The read models show everything up to there.') }),
};
