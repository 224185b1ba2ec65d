/** The Fastify instance under Nest: its limits, its one body parser, its guards, and answers to what is no HTTP at all. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerLimits } from '../config/configuration';
import {
  CONNECTION_IDLE_MS,
  HEADER_BYTES_MAX,
  KEEP_ALIVE_IDLE_MS,
  PATH_SEGMENT_BYTES_MAX,
  THROWN_AWAY_BYTES_MAX,
} from '../config/limits';
import type { Admission } from './admission';
import { asProblem } from './any-error';
import { Problem, PROBLEM_TYPE, problemJson } from './problem';
import { sendProblem, unknownRoute } from './problem.filter';

export function makeAdapter(limits: ServerLimits): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    skipMiddie: true,
    multipart: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: CONNECTION_IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_IDLE_MS,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: 1_000,
      // Who names no host is refused by the host guard, in our own words.
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: PATH_SEGMENT_BYTES_MAX },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    genReqId: requestIds(),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, request, asProblem(error) ?? new Problem('malformedRequest', error.message)),
    clientErrorHandler: answerBrokenRequest,
  });
}

/** Unique over restarts, cheap: a random start and a counter. */
function requestIds(): () => string {
  const start = randomBytes(6).toString('hex');
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

export function guard(fastify: FastifyInstance, limits: ServerLimits, admission: Admission): void {
  fastify.server.maxConnections = limits.connectionsMax;
  fastify.server.on('checkExpectation', answerExpectation);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const problem = admission.admit(request) ?? otherMethod(request);
    // Not by the hook onResponse: it does not run where a request breaks off in its body.
    reply.raw.once('close', () => admission.release(request));
    if (problem === undefined) done();
    else refuse(request, reply, problem);
  });
}

/** Methods that no route takes are answered before anything is asked of their body. */
function otherMethod(request: FastifyRequest): Problem | undefined {
  return request.method === 'GET' || request.method === 'POST' ? undefined : unknownRoute(request);
}

/** JSON is UTF-8 by its standard: any other charset is another format. The runs of spaces are bounded, so no header makes it slow. */
const JSON_TYPE = /^application\/json[ \t]{0,8}(;[ \t]{0,8}charset=("utf-?8"|utf-?8))?[ \t]{0,8};?[ \t]{0,8}$/i;

/**
 * The body of a refused request is thrown away as it comes, so that a client that sends it all still gets its answer. Where
 * that could take long, the connection ends with the answer.
 */
function refuse(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding !== undefined || Number(length ?? 0) > THROWN_AWAY_BYTES_MAX) reply.header('connection', 'close');
  sendProblem(reply, request, problem);
}

/** Node's own answer to an unknown `Expect` is no problem document. */
function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const problem = new Problem('expectationFailed', 'The header Expect may only say 100-continue. Leave it out.');
  const body = problemJson(problem, '', 'none');
  response.writeHead(problem.status, {
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** What the HTTP parser refused: there is no request to answer, so the answer is written to the socket itself. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = brokenRequest(error);
  const body = problemJson(problem, '', 'none');
  socket.end(
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Bad Request'}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const REASONS: { readonly [status: number]: string } = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function brokenRequest(error: NodeJS.ErrnoException): Problem {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('requestTimeout', 'The request did not arrive within the time limit.');
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headersTooLarge', `The headers are larger than ${HEADER_BYTES_MAX} bytes.`);
    default:
      return new Problem('malformedRequest', `The request is no well-formed HTTP (${error.code ?? 'unknown'}).`);
  }
}
