/** The answers that many routes share. */
import { PREFER_WAIT_SECONDS_MAX } from '../config/limits';
import type { Parameter, Response } from './openapi.types';
import { ref, text, whole } from './schema-parts';

export type Responses = { [status: string]: Response };

export const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: whole(undefined, 1) } };

export const problem = (description: string, headers?: Response['headers']): Response => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/** What may happen on every route. */
const EVERYWHERE: Responses = {
  '400': problem('The request, a parameter or the body is not as expected. The detail says what.'),
  '403': problem('The Host or the Origin is foreign: web pages may not call a server on loopback.'),
  '429': problem('Too much at once; nothing was stored.', RETRY_AFTER),
  '503': problem('Not available now; nothing was stored.', RETRY_AFTER),
};

const WITH_BODY: Responses = {
  '408': problem('The request came too slowly.'),
  '413': problem('The body is too large.'),
  '415': problem('Only application/json in UTF-8 is taken, not compressed.'),
};

export const POSITION = {
  'Rapport-Position': { description: 'The position of the log that this answer is true for.', schema: whole() },
};

const APPLIED = {
  'Preference-Applied': { description: 'The wait that was applied, where one was asked for.', schema: text() },
};

export function reads(schema: string, more: Responses = {}): Responses {
  return { '200': { description: 'The answer.', headers: POSITION, content: json(schema) }, ...EVERYWHERE, ...more };
}

/** The answer to a command that the fold decides at once. */
export function decides(more: Responses): Responses {
  const done: Response = { description: 'Decided, and shown.', headers: POSITION, content: json('Commanded') };
  return { '200': done, ...EVERYWHERE, ...WITH_BODY, ...COMMAND_REFUSED, ...more };
}

export function writes(schema: string, more: Responses = {}): Responses {
  const done: Response = { description: 'On disk.', headers: { ...POSITION, ...APPLIED }, content: json(schema) };
  return { '200': done, ...EVERYWHERE, ...WITH_BODY, ...more };
}

export const json = (schema: string): Response['content'] => ({ 'application/json': { schema: ref(schema) } });

export const UNKNOWN_CUSTOMER: Responses = { '404': problem('There is no such customer.') };
export const NOT_PARKED: Responses = { '404': problem('Nothing is parked at this position.') };
export const POSITION_AHEAD: Responses = {
  '409': problem('The position is beyond the log: it belongs to another store.'),
};

const COMMAND_REFUSED: Responses = {
  '409': problem('The fold decided against it: `because` says why, `detail` how to mend it. Nothing else changed.'),
};
export const UNKNOWN_PLAY: Responses = { '404': problem('There is no such play, or no such customer.') };
export const UNKNOWN_TEMPLATE: Responses = { '404': problem('There is no such template, or no such customer.') };
export const UNKNOWN_ACTION: Responses = { '404': problem('There is no such action, or no such customer.') };

/** Answers that are no JSON: pages, metrics, streams. */
export const serves = (mediaType: string, description: string, more: Responses = {}): Responses => ({
  '200': { description, content: { [mediaType]: { schema: text() } } },
  ...EVERYWHERE,
  ...more,
});

/** The same after a body. */
export const servesAfterBody = (mediaType: string, description: string, more: Responses = {}): Responses => ({
  ...serves(mediaType, description),
  ...WITH_BODY,
  ...more,
});

export const PREFER: Parameter = {
  name: 'Prefer',
  in: 'header',
  description: `\`wait=<seconds>\` (at most ${PREFER_WAIT_SECONDS_MAX}): answer when the read models show the result. Other preferences are ignored.`,
  schema: text(undefined, { examples: ['wait=5'] }),
};
