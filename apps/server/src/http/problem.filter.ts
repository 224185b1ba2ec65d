import { Catch, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { LINK_PATH } from '@rapport/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log/json-log';
import { asProblem } from './any-error';
import { allowedMethods } from './known-routes';
import { Problem, PROBLEM_TYPE, problemJson } from './problem';

/** Everything that any route throws leaves as problem+json; what nobody expected is logged with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** For routes outside of Nest's router. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent || reply.raw.headersSent) return;
    sendProblem(reply, request, this.judge(error, request));
  }

  private judge(error: unknown, request: FastifyRequest): Problem {
    // Nest throws this one where no route fits; the API itself throws problems only.
    if (error instanceof NotFoundException) return unknownRoute(request);
    const problem = asProblem(error);
    if (problem !== undefined) return problem;
    this.log({
      level: 'error',
      message: 'A request failed',
      requestId: request.id,
      method: request.method,
      url: loggable(request.url),
      error,
    });
    return new Problem(
      'internal',
      'The request failed by a fault of the server. Its log says more under the requestId.',
    );
  }
}

/** The token of a link is its reader's secret. */
function loggable(url: string): string {
  return url.startsWith(LINK_PATH) ? `${LINK_PATH}...` : url;
}

/** 404, or 405 where the path takes other methods. */
export function unknownRoute(request: FastifyRequest): Problem {
  const allow = allowedMethods(request.url);
  if (allow === undefined)
    return new Problem('notFound', 'There is nothing at this URL. /openapi.json lists what there is.');
  return new Problem('methodNotAllowed', `${request.method} is not allowed here, only ${allow}.`, {
    headers: { allow },
  });
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) reply.header(name, value);
  const instance = request.url.split('?', 1)[0] ?? '';
  void reply
    .code(problem.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(problemJson(problem, instance, request.id));
}
