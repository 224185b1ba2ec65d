import { HttpException } from '@nestjs/common';
import { BadQuery, QueriesOverloaded } from '@rapport/engine';
import { RETRY_AFTER_SECONDS } from '../config/limits';
import { Problem, tryLater } from './problem';
import type { ProblemCode } from './problem';

const BY_STATUS: { readonly [status: number]: ProblemCode } = {
  400: 'malformedRequest',
  404: 'notFound',
  408: 'requestTimeout',
  413: 'bodyTooLarge',
  414: 'uriTooLong',
  415: 'unsupportedMediaType',
  429: 'overloaded',
  431: 'headersTooLarge',
  503: 'unavailable',
};

/** Whatever was thrown, as a problem; undefined where it is a fault of ours that must be logged. */
export function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof BadQuery) {
    return new Problem('invalidParameter', `${error.parameter}: ${error.message}`, {
      errors: [{ pointer: error.parameter, detail: error.message, code: 'invalid' }],
    });
  }
  if (error instanceof QueriesOverloaded)
    return tryLater('overloaded', `The queries wait in line: ${error.message}.`, RETRY_AFTER_SECONDS);
  const status = statusOf(error);
  const code = status === undefined ? undefined : BY_STATUS[status];
  if (code === undefined) return undefined;
  return new Problem(code, explain(code, error));
}

/** Fastify's errors carry a statusCode; Nest wraps the ones it knows into its own exceptions. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return undefined;
}

function explain(code: ProblemCode, error: unknown): string {
  switch (code) {
    case 'unsupportedMediaType':
      return 'The body must be JSON: send the header Content-Type: application/json.';
    case 'bodyTooLarge':
      return 'The body is larger than this server takes. Send fewer touchpoints in one request.';
    case 'notFound':
      return 'There is nothing at this URL. /openapi.json lists what there is.';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
