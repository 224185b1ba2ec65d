import { CUSTOMER_ID_LENGTH_MAX, DURATION_PATTERN } from '@rapport/journey';
import { BY_CHARS_MAX, COMMAND_ID_CHARS_MAX, FILTER_CHARS_MAX, REASON_CHARS_MAX } from '../config/limits';
import { TASK_OUTCOMES } from '../plays/row-words';
import type { Schema } from './openapi.types';
import { flag, moment, object, oneOf, text } from './schema-parts';

const bounded = (maxLength: number, description: string): Schema => text(description, { minLength: 1, maxLength });

const BY = { by: bounded(BY_CHARS_MAX, 'Who asks for it; stands in the log and in decisions.') };
const COMMAND = {
  ...BY,
  'commandId?': bounded(COMMAND_ID_CHARS_MAX, 'Names the command in what is decided about it. Absent: a random one.'),
};
const CUSTOMER = { customerId: bounded(CUSTOMER_ID_LENGTH_MAX, 'The customer.') };

export const PLAY_BODY_SCHEMAS: { [name: string]: Schema } = {
  ByBody: object(BY),
  CommandBody: object(COMMAND),
  EnrolBody: object({
    ...COMMAND,
    ...CUSTOMER,
    'override?': flag('True: passes over `again`, `who` and the holdout; never over a guard.'),
  }),
  StopBody: object({ ...COMMAND, ...CUSTOMER, reason: bounded(REASON_CHARS_MAX, 'Why.') }),
  ClaimBody: object({
    ...COMMAND,
    'for?': text("How long; absent: the team's claimFor.", { pattern: DURATION_PATTERN, examples: ['4h'] }),
  }),
  ReassignBody: object({
    ...COMMAND,
    'team?': bounded(FILTER_CHARS_MAX, 'To the queue of this team.'),
    'to?': bounded(BY_CHARS_MAX, 'To this person.'),
  }),
  FinishBody: object({
    ...COMMAND,
    outcome: oneOf(
      TASK_OUTCOMES,
      'answered and declined settle the ask at once; done opens it; impossible counts as not delivered.',
    ),
    'note?': bounded(REASON_CHARS_MAX, 'For who reads the timeline.'),
  }),
  RetryBody: object({
    ...COMMAND,
    'override?': flag('True: passes over the guards of time, and needs a `reason`.'),
    'reason?': bounded(REASON_CHARS_MAX, 'Why.'),
  }),
  ResolveBody: object({
    ...COMMAND,
    delivered: flag('Whether it reached the customer.'),
    at: moment('When it did, or when this was found out.'),
    reason: bounded(REASON_CHARS_MAX, 'How you know.'),
  }),
};
