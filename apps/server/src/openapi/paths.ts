import type { PathItem } from './openapi.types';
import {
  CUSTOMER_ID,
  CUSTOMERS,
  DECISIONS,
  DECISION_STREAM,
  ENGAGEMENT_CHANGES,
  ENGAGEMENT_STREAM,
  LIST,
  PARKED_POSITION,
  REPORT,
  STANDING,
  STAGE_CHANGES,
  STAGE_STREAM,
} from './parameters';
import { LINK_PATHS } from './link-paths';
import { body, tagged } from './path-parts';
import { EFFECTS_PATHS } from './effects-paths';
import { PLAY_PATHS } from './play-paths';
import {
  json,
  NOT_PARKED,
  POSITION,
  POSITION_AHEAD,
  PREFER,
  reads,
  serves,
  UNKNOWN_ACTION,
  UNKNOWN_CUSTOMER,
  writes,
} from './responses';
import { ref } from './schema-parts';

const INGEST = tagged('touchpoints', {
  '/v1/touchpoints': {
    post: {
      operationId: 'recordTouchpoints',
      summary: 'Record touchpoints',
      description:
        'One touchpoint, or a list of up to 1,000. The good ones are kept: 200 = all of them, 207 = some, 422 = none. `accepted` means on disk.',
      parameters: [PREFER],
      requestBody: body('TouchpointsBody', true),
      responses: writes('IngestAnswer', {
        '207': {
          description: 'Some were refused; the results say which.',
          headers: POSITION,
          content: json('IngestAnswer') ?? {},
        },
        '422': {
          description: 'All were refused; the results say why.',
          headers: POSITION,
          content: { 'application/problem+json': { schema: ref('IngestRejected') } },
        },
      }),
    },
  },
  '/v1/inbound/email': {
    post: {
      operationId: 'receiveEmail',
      summary: 'A bounce, a spam complaint, a reply or an unsubscription that came by e-mail',
      description:
        'It becomes a touchpoint, which suppresses the address, or answers the ask whose message it names. Whoever receives mail for you calls this.',
      parameters: [PREFER],
      requestBody: body('InboundEmailBody', true),
      responses: writes('InboundEmailAnswer', UNKNOWN_ACTION),
    },
  },
  '/v1/history/settle': {
    post: {
      operationId: 'settleHistory',
      summary: 'Settle history',
      description: 'Sorts the history of these customers, or of everybody, and restates their chain of changes.',
      parameters: [PREFER],
      requestBody: body('SettleBody', false),
      responses: writes('CommandAnswer'),
    },
  },
});

const CUSTOMER_PATHS = tagged('customers', {
  '/v1/customers': {
    get: {
      operationId: 'listCustomers',
      summary: 'List customers',
      parameters: CUSTOMERS,
      responses: reads('Customers'),
    },
  },
  '/v1/customers/{customerId}': {
    get: {
      operationId: 'getCustomer',
      summary: 'One customer',
      parameters: [CUSTOMER_ID],
      responses: reads('CustomerDetails', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/customers/{customerId}/timeline': {
    get: {
      operationId: 'getTimeline',
      summary: 'Touchpoints, changes and what plays did, newest first',
      description:
        'Of plays: entries, requests, the last withholding of each and how enrolments ended; what became of a request is a touchpoint. Every single step is in /v1/decisions.',
      parameters: [CUSTOMER_ID, ...LIST],
      responses: reads('Timeline', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/customers/{customerId}/why': {
    get: {
      operationId: 'why',
      summary: 'Why this stage, and what is missing for the next',
      parameters: [CUSTOMER_ID],
      responses: reads('Why', UNKNOWN_CUSTOMER),
    },
  },
});

const STREAM_HELP =
  'Server-Sent Events, read from the log: `id` is the position, `data` one line of JSON (an item of the list without its sentence, with `cause` and, ' +
  'at a settling, `joining`). Events `stage.changed` and `engagement.changed`, and with `chains=true` `history.restated`. Resume with Last-Event-ID; at least once.';

const DECISION_STREAM_HELP =
  'Server-Sent Events like those of changes, which come here too. Decisions of plays are named by their type: `play.entered`, `action.requested`, ' +
  '`action.withheld`, `action.in-doubt`, `task.changed`, `command.refused` ...; `data` is the decision with its cause, its evidence and a `sentence`.';

const CHANGE_PATHS = tagged('changes', {
  '/v1/stage-changes': {
    get: {
      operationId: 'listStageChanges',
      summary: 'Stage changes in force',
      parameters: STAGE_CHANGES,
      responses: reads('Changes'),
    },
  },
  '/v1/stage-changes/stream': {
    get: {
      operationId: 'streamStageChanges',
      summary: 'Stage changes, live',
      description: STREAM_HELP,
      parameters: STAGE_STREAM,
      responses: serves('text/event-stream', 'The stream.', POSITION_AHEAD),
    },
  },
  '/v1/engagement-changes': {
    get: {
      operationId: 'listEngagementChanges',
      summary: 'Engagement changes in force',
      parameters: ENGAGEMENT_CHANGES,
      responses: reads('Changes'),
    },
  },
  '/v1/engagement-changes/stream': {
    get: {
      operationId: 'streamEngagementChanges',
      summary: 'Engagement changes, live',
      description: STREAM_HELP,
      parameters: ENGAGEMENT_STREAM,
      responses: serves('text/event-stream', 'The stream.', POSITION_AHEAD),
    },
  },
  '/v1/decisions': {
    get: {
      operationId: 'listDecisions',
      summary: 'Every decision, with its cause, its evidence and a sentence',
      description: 'From the log. A page may be short, or empty: it is the last one only where it has no `nextCursor`.',
      parameters: DECISIONS,
      responses: reads('Decisions', UNKNOWN_CUSTOMER),
    },
  },
  '/v1/decisions/stream': {
    get: {
      operationId: 'streamDecisions',
      summary: 'Every decision, live',
      description: DECISION_STREAM_HELP,
      parameters: DECISION_STREAM,
      responses: serves('text/event-stream', 'The stream.', POSITION_AHEAD),
    },
  },
  '/v1/stages/report': {
    get: {
      operationId: 'reportStages',
      summary: 'Opening, in, out and closing of each stage in a period',
      parameters: REPORT,
      responses: reads('StagesReport'),
    },
  },
  '/v1/stages/standing': {
    get: {
      operationId: 'listStanding',
      summary: 'Who stood on a stage at a moment: the people behind opening and closing',
      description: 'A page may be short, or empty: it is the last one only where it has no `nextCursor`.',
      parameters: STANDING,
      responses: reads('Standing'),
    },
  },
  '/v1/counts': {
    get: { operationId: 'countCustomers', summary: 'Customers by stage and engagement', responses: reads('Counts') },
  },
  '/v1/definition': {
    get: { operationId: 'getDefinition', summary: 'The definition in force', responses: reads('Definition') },
  },
});

const OPERATION_PATHS = tagged('operations', {
  '/v1/parked': {
    get: {
      operationId: 'listParked',
      summary: 'Inputs that could not be folded',
      parameters: LIST,
      responses: reads('Parked'),
    },
  },
  '/v1/parked/{position}/retry': {
    post: {
      operationId: 'retryParked',
      summary: 'Fold a parked input after all',
      parameters: [PARKED_POSITION, PREFER],
      responses: writes('CommandAnswer', NOT_PARKED),
    },
  },
  '/v1/clock': {
    post: {
      operationId: 'judgeClock',
      summary: 'Say whether a clock that jumped is right',
      parameters: [PREFER],
      requestBody: body('ClockBody', true),
      responses: writes('CommandAnswer'),
    },
  },
  '/health/live': { get: { operationId: 'live', summary: 'The process answers', responses: reads('Live') } },
  '/health/ready': { get: { operationId: 'ready', summary: 'Touchpoints are taken', responses: reads('Ready') } },
  '/metrics': {
    get: { operationId: 'metrics', summary: 'Figures for Prometheus', responses: serves('text/plain', 'The figures.') },
  },
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      summary: 'This document',
      responses: {
        ...serves('application/json', ''),
        '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
  },
  '/docs': {
    get: { operationId: 'docs', summary: 'This document as a page', responses: serves('text/html', 'The page.') },
  },
  '/docs/problems': {
    get: {
      operationId: 'problems',
      summary: 'Every kind of problem, explained',
      responses: serves('text/html', 'The page.'),
    },
  },
});

export const PATHS: { [path: string]: PathItem } = {
  ...INGEST,
  ...CUSTOMER_PATHS,
  ...CHANGE_PATHS,
  ...PLAY_PATHS,
  ...EFFECTS_PATHS,
  ...LINK_PATHS,
  ...OPERATION_PATHS,
};
