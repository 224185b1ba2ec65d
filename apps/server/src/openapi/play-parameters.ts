/** The parameters of plays. Their rules stand in plays/; a test holds the two against each other. */
import { ACTION_ID_CHARACTERS, CUSTOMER_ID_LENGTH_MAX, PLAY_CHANNELS } from '@rapport/journey';
import { FILTER_CHARS_MAX } from '../config/limits';
import { ACTION_ROW_STATES, ENROLMENT_PHASES } from '../plays/row-words';
import type { Parameter } from './openapi.types';
import { anyOf, inPath, LIST, name, query } from './parameters';
import { oneOf, text } from './schema-parts';

const customer = query(
  'customerId',
  'Of one customer.',
  text(undefined, { minLength: 1, maxLength: CUSTOMER_ID_LENGTH_MAX }),
);

export const PLAY = inPath('play', 'Name of the play.', text(undefined, { minLength: 1, maxLength: FILTER_CHARS_MAX }));
export const ACTION = inPath(
  'action',
  'Id of the action.',
  text(undefined, { minLength: 1, maxLength: ACTION_ID_CHARACTERS }),
);
export const CHANNEL = inPath('channel', 'Name of the channel.', oneOf(PLAY_CHANNELS));

export const TEMPLATE = inPath(
  'template',
  'Name of the template.',
  text(undefined, { minLength: 1, maxLength: FILTER_CHARS_MAX }),
);
export const PREVIEW: Parameter[] = [
  { ...customer, description: 'For this customer.', required: true },
  query('play', 'As a step of this play; absent: of any that has it.', name),
];

export const WHY_NOT: Parameter[] = [{ ...query('play', 'The play that is asked about.', name), required: true }];

export const CUSTOMER_ENROLMENTS: Parameter[] = [
  query('play', 'Of one play.', name),
  query('phase', 'Where it stands.', oneOf(ENROLMENT_PHASES)),
  ...LIST,
];
export const ENROLMENTS: Parameter[] = [customer, ...CUSTOMER_ENROLMENTS];

const ofActions: Parameter[] = [
  anyOf('play', 'Of this play.', name),
  customer,
  query('team', 'In the queue of this team.', name),
  query('assignee', 'Claimed by this person.', name),
  ...LIST,
];
export const ACTIONS: Parameter[] = [
  anyOf('state', 'What became of it.', oneOf(ACTION_ROW_STATES)),
  anyOf('channel', 'By this channel.', oneOf(PLAY_CHANNELS)),
  ...ofActions,
];
export const TASKS: Parameter[] = [
  anyOf('state', 'What became of it. Absent: `requested`, those that wait for somebody.', oneOf(ACTION_ROW_STATES)),
  ...ofActions,
];
