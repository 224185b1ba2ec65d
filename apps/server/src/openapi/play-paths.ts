import type { Operation, PathItem } from './openapi.types';
import { CUSTOMER_ID } from './parameters';
import { body, tagged } from './path-parts';
import {
  ACTION,
  ACTIONS,
  CHANNEL,
  CUSTOMER_ENROLMENTS,
  ENROLMENTS,
  PLAY,
  PREVIEW,
  TASKS,
  TEMPLATE,
  WHY_NOT,
} from './play-parameters';
import {
  decides,
  PREFER,
  reads,
  UNKNOWN_ACTION,
  UNKNOWN_CUSTOMER,
  UNKNOWN_PLAY,
  UNKNOWN_TEMPLATE,
  writes,
} from './responses';

type Draft = Omit<Operation, 'tags'>;

const DECIDED = 'Answered when it is decided. 409: it was refused, and `because` says why; who loses a race gets this.';

const ofAction = (operationId: string, schema: string, summary: string, more = ''): { post: Draft } => ({
  post: {
    operationId,
    summary,
    description: `${more}${DECIDED}`,
    parameters: [ACTION],
    requestBody: body(schema, true),
    responses: decides(UNKNOWN_ACTION),
  },
});

const pause = (operationId: string, summary: string, description: string, of: typeof PLAY): { post: Draft } => ({
  post: {
    operationId,
    summary,
    description,
    parameters: [of, PREFER],
    requestBody: body('ByBody', true),
    responses: writes('CommandAnswer', of === PLAY ? UNKNOWN_PLAY : {}),
  },
});

const PAUSED_PLAY = 'While it is paused its triggers are recorded as withheld; waits run on.';
const PAUSED_CHANNEL = 'Its dispatch stops at once; no decision changes.';

export const PLAY_PATHS: { [path: string]: PathItem } = tagged('plays', {
  '/v1/plays': {
    get: {
      operationId: 'listPlays',
      summary: 'Plays with what became of those who entered, against the holdout',
      responses: reads('Plays'),
    },
  },
  '/v1/plays/{play}': {
    get: {
      operationId: 'getPlay',
      summary: 'One play with its definition',
      parameters: [PLAY],
      responses: reads('PlayDetails', UNKNOWN_PLAY),
    },
  },
  '/v1/plays/{play}/pause': pause('pausePlay', 'Pause a play', PAUSED_PLAY, PLAY),
  '/v1/plays/{play}/resume': pause('resumePlay', 'Resume a play', PAUSED_PLAY, PLAY),
  '/v1/plays/{play}/enrolments': {
    post: {
      operationId: 'enrol',
      summary: 'Enrol a customer by hand',
      description: `Guards hold as for everybody. ${DECIDED}`,
      parameters: [PLAY],
      requestBody: body('EnrolBody', true),
      responses: decides(UNKNOWN_CUSTOMER),
    },
  },
  '/v1/plays/{play}/enrolments/stop': {
    post: {
      operationId: 'stopEnrolment',
      summary: 'Stop the enrolment of a customer',
      description: DECIDED,
      parameters: [PLAY],
      requestBody: body('StopBody', true),
      responses: decides(UNKNOWN_CUSTOMER),
    },
  },
  '/v1/enrolments': {
    get: {
      operationId: 'listEnrolments',
      summary: 'Enrolments of everybody',
      parameters: ENROLMENTS,
      responses: reads('Enrolments', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/customers/{customerId}/enrolments': {
    get: {
      operationId: 'listCustomerEnrolments',
      summary: 'Enrolments of one customer',
      parameters: [CUSTOMER_ID, ...CUSTOMER_ENROLMENTS],
      responses: reads('Enrolments', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/customers/{customerId}/ledger': {
    get: {
      operationId: 'getLedger',
      summary: 'What was asked and given, and whom to ask next for what',
      parameters: [CUSTOMER_ID],
      responses: reads('LedgerAnswer', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/customers/{customerId}/why-not': {
    get: {
      operationId: 'whyNot',
      summary: 'Why a play does not act for a customer now',
      parameters: [CUSTOMER_ID, ...WHY_NOT],
      responses: reads('WhyNot', UNKNOWN_PLAY),
    },
  },
  '/v1/actions': {
    get: {
      operationId: 'listActions',
      summary: 'What was requested, by state',
      parameters: ACTIONS,
      responses: reads('Actions', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/actions/{action}': {
    get: {
      operationId: 'getAction',
      summary: 'One action with its evidence and its attempts',
      parameters: [ACTION],
      responses: reads('ActionDetails', UNKNOWN_ACTION),
    },
  },
  '/v1/actions/{action}/retry': ofAction(
    'retryAction',
    'RetryBody',
    'Ask again for one that failed or is in doubt',
    'Through the guards again. ',
  ),
  '/v1/actions/{action}/resolve': ofAction('resolveAction', 'ResolveBody', 'Say what became of an action in doubt'),
  '/v1/templates/{template}/preview': {
    get: {
      operationId: 'previewTemplate',
      summary: 'What a template says to a customer; nothing is sent',
      description:
        'With the cause and evidence of its last message to this customer, else of the enrolment that leads to one, else a sample. Links lead nowhere.',
      parameters: [TEMPLATE, ...PREVIEW],
      responses: reads('Preview', UNKNOWN_TEMPLATE),
    },
  },
  '/v1/tasks': {
    get: {
      operationId: 'listTasks',
      summary: 'Tasks for humans',
      parameters: TASKS,
      responses: reads('Actions', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/tasks/{action}/claim': ofAction('claimTask', 'ClaimBody', 'Take a task'),
  '/v1/tasks/{action}/give-back': ofAction('giveBackTask', 'CommandBody', 'Give a task back to its queue'),
  '/v1/tasks/{action}/reassign': ofAction('reassignTask', 'ReassignBody', 'Hand a task to a team or a person'),
  '/v1/tasks/{action}/finish': ofAction('finishTask', 'FinishBody', 'Say how a task ended'),
  '/v1/channels': {
    get: {
      operationId: 'listChannels',
      summary: 'Channels, which of them are paused, and where their messages go',
      description: 'As dispatch has heard of it: a pause shows within half a second.',
      responses: reads('Channels'),
    },
  },
  '/v1/channels/{channel}/pause': pause('pauseChannel', 'Pause a channel', PAUSED_CHANNEL, CHANNEL),
  '/v1/channels/{channel}/resume': pause('resumeChannel', 'Resume a channel', PAUSED_CHANNEL, CHANNEL),
});
