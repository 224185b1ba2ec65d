/**
 * What an error of the client means. Its classes are uneven (some errors have a `type`, some only a gRPC `code`, some only a message), so all
 * three are looked at.
 */
export type Failure =
  /** The stream is not where the append expected it; -1 = there is none. */
  | { kind: 'wrongRevision'; actual: number }
  /** It may have happened or not; to be tried again with the same ids, at the same revision, in the same call. */
  | { kind: 'unknown'; detail: string; by: 'server' | 'connection' }
  /** The server says no, and will say no again. */
  | { kind: 'refused'; detail: string; poisons: boolean };

interface ClientError extends Error {
  type?: string;
  code?: number;
  actualVersion?: bigint | number | string;
  maxAppendSize?: number;
}

/** Of gRPC. */
const CODE = { cancelled: 1, unknown: 2, deadline: 4, exhausted: 8, aborted: 10, internal: 13, unavailable: 14 };
/** Told by another node than the leader: the client remembers where that one is, and goes there with the next call. So it must be kept. */
const NOT_LEADER = 'not-leader';
const DOUBTFUL_TYPES = new Set(['timeout', 'deadline-exceeded', NOT_LEADER]);
const LOST_TYPES = new Set(['unavailable', 'cancelled']);
const LOST_CODES = new Set([CODE.cancelled, CODE.exhausted, CODE.internal, CODE.unavailable]);
const NOT_READY = /Server Is (Not Ready|Too Busy)/i;
const BAD_REQUEST = /BadRequest/;

export function failureOf(error: unknown): Failure {
  const { type, code, message, ...rest } = asClientError(error);
  if (type === 'wrong-expected-version') return { kind: 'wrongRevision', actual: revisionOf(rest.actualVersion) };
  const detail = describe(type, code, message);
  if (type === 'maximum-append-size-exceeded') return tooLarge(rest.maxAppendSize);
  if (NOT_READY.test(message)) return { kind: 'unknown', detail, by: 'server' };
  if (type !== undefined && DOUBTFUL_TYPES.has(type)) return { kind: 'unknown', detail, by: 'server' };
  if (type !== undefined && LOST_TYPES.has(type)) return { kind: 'unknown', detail, by: 'connection' };
  if (code !== undefined && LOST_CODES.has(code)) return { kind: 'unknown', detail, by: 'connection' };
  return { kind: 'refused', detail, poisons: BAD_REQUEST.test(message) };
}

export function isNotFound(error: unknown): boolean {
  return asClientError(error).type === 'stream-not-found';
}

export function isDenied(error: unknown): boolean {
  return asClientError(error).type === 'access-denied';
}

function asClientError(error: unknown): ClientError {
  if (!(error instanceof Error)) return new Error(String(error));
  const { type, code, actualVersion, maxAppendSize } = error as ClientError;
  return { name: error.name, message: error.message, type, code, actualVersion, maxAppendSize };
}

/** The batch way says "no_stream", a delete says -1. */
function revisionOf(version: bigint | number | string | undefined): number {
  return typeof version === 'bigint' || typeof version === 'number' ? Number(version) : -1;
}

function tooLarge(limit: number | undefined): Failure {
  const detail = `The server takes at most ${limit} bytes in one append, and 1048576 are needed: start it with --max-append-size 1048576 or more.`;
  return { kind: 'refused', detail, poisons: false };
}

/** Errors of the batch way have no message. */
function describe(type: string | undefined, code: number | undefined, message: string): string {
  const parts = [type, code === undefined ? undefined : `gRPC status ${code}`, message || undefined];
  return parts.filter((part) => part !== undefined).join(', ') || 'an error without a word';
}
