/** Errors as RFC 9457 problem documents: one class, one table of the problems that this API knows. */

export interface ProblemField {
  /** JSON pointer into the body (`#/3/occurredAt`), or the name of a parameter or header. */
  pointer: string;
  detail: string;
  code: string;
}

interface KnownProblem {
  status: number;
  title: string;
  /** For the page /docs/problems: when it happens and what to do. */
  help: string;
}

export const PROBLEMS = {
  malformedJson: known(
    400,
    'The body is no JSON',
    'The body must be one JSON text in UTF-8. The detail says where it breaks.',
  ),
  invalidBody: known(
    400,
    'The body is not as expected',
    'The body is JSON, but of another shape than this call takes.',
  ),
  invalidParameter: known(
    400,
    'A parameter is not as expected',
    'A query, path or header parameter is unknown, given twice or out of its range.',
  ),
  malformedRequest: known(
    400,
    'The request cannot be read',
    'The request is no well-formed HTTP, or its URL is badly encoded.',
  ),
  foreignHost: known(
    403,
    'This host name is not answered',
    'The server listens on loopback, so it answers only to localhost and to hosts named in RAPPORT_ALLOWED_HOSTS.',
  ),
  foreignOrigin: known(
    403,
    'Other web pages may not call this server',
    'A browser sent the Origin of another page. Call the API from a server, or from a page of an allowed host.',
  ),
  notFound: known(404, 'There is no such resource', 'The URL names nothing that this API has.'),
  unknownCustomer: known(
    404,
    'There is no such customer',
    'No touchpoint of this customer has been read yet. The position says up to where the log was read.',
  ),
  notParked: known(
    404,
    'Nothing is parked there',
    'No input is parked at this position: it never was, or it was retried already.',
  ),
  unknownPlay: known(
    404,
    'There is no such play',
    'No definition in force has a play of this name, and nobody ever entered one. GET /v1/plays lists them.',
  ),
  unknownTemplate: known(
    404,
    'There is no such template',
    'The definition in force has no template of this name. GET /v1/definition shows those that there are.',
  ),
  unknownAction: known(
    404,
    'There is no such action',
    'No action of this id was requested up to the position. GET /v1/actions lists them.',
  ),
  methodNotAllowed: known(405, 'This method is not allowed here', 'The header Allow names the methods that are.'),
  requestTimeout: known(408, 'The request came too slowly', 'Send the whole request within the time limit.'),
  positionAhead: known(
    409,
    'The position is beyond the log',
    'A subscriber asked to go on after a position that this log does not have: it belongs to another store.',
  ),
  commandRefused: known(
    409,
    'The command was refused',
    'It stands in the log, and was decided against: `because` names the reason. Who loses a race gets this. Nothing else changed.',
  ),
  bodyTooLarge: known(413, 'The body is too large', 'Send fewer touchpoints in a request.'),
  uriTooLong: known(414, 'The URL is too long', 'Shorten the part that is longer than the limit.'),
  unsupportedMediaType: known(
    415,
    'Only application/json is taken',
    'Send the header Content-Type: application/json and a body in UTF-8, not compressed.',
  ),
  expectationFailed: known(417, 'This expectation cannot be met', 'The header Expect may only say 100-continue.'),
  allRejected: known(
    422,
    'No touchpoint was taken',
    'Every touchpoint of the request was refused; the results say why.',
  ),
  overloaded: known(
    429,
    'Too much at once',
    'The queues are full. Nothing was stored; try again after Retry-After seconds.',
  ),
  headersTooLarge: known(431, 'The headers are too large', 'Send fewer or shorter headers.'),
  internal: known(500, 'The server failed', 'A fault of the server. Its log has the details under the requestId.'),
  unavailable: known(
    503,
    'Not available now',
    'Nothing was stored. The detail says why; try again after Retry-After seconds.',
  ),
} as const satisfies { [code: string]: KnownProblem };

export type ProblemCode = keyof typeof PROBLEMS;

function known(status: number, title: string, help: string): KnownProblem {
  return { status, title, help };
}

export interface ProblemExtras {
  errors?: ProblemField[];
  headers?: { [name: string]: string };
  /** Further members of the document. */
  members?: { [name: string]: unknown };
}

/** An error that has an answer. `detail` says what, where and how to mend it. */
export class Problem extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = PROBLEMS[code].status;
  }
}

/** A refusal that names when to come back. */
export function tryLater(code: 'overloaded' | 'unavailable', detail: string, seconds: number): Problem {
  return new Problem(code, detail, { headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } });
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The document, ready to send. `instance` is the path that was asked for. */
export function problemJson(problem: Problem, instance: string, requestId: string): string {
  return JSON.stringify({
    type: `/docs/problems#${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    detail: problem.detail,
    instance: instance.slice(0, INSTANCE_CHARS_MAX),
    code: problem.code,
    requestId,
    ...(problem.extras.errors === undefined ? {} : { errors: problem.extras.errors }),
    ...problem.extras.members,
  });
}

const INSTANCE_CHARS_MAX = 1_000;
