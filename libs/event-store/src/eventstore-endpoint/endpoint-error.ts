/** Faults as a client of the protocol expects them: a status, a message, and keys in the trailers of which it looks at `exception` first. */
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';

export class EndpointError extends Error {
  constructor(
    readonly code: status,
    message: string,
    readonly trailers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'EndpointError';
  }
}

/** What a call is ended with. */
export function statusOf(error: unknown): StatusObject {
  const metadata = new Metadata();
  if (!(error instanceof EndpointError)) {
    const details = error instanceof Error ? error.message : String(error);
    return { code: status.UNKNOWN, details, metadata };
  }
  for (const [key, value] of Object.entries(error.trailers)) metadata.set(key, headerText(value));
  return { code: error.code, details: error.message, metadata };
}

/** Names of streams may hold anything; a header may not. */
function headerText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : encodeURI(value);
}

export const streamDeleted = (stream: string): EndpointError =>
  new EndpointError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const accessDenied = (why: string): EndpointError =>
  new EndpointError(status.PERMISSION_DENIED, why, { exception: 'access-denied' });

export const maximumAppendSizeExceeded = (limit: number): EndpointError =>
  new EndpointError(status.INVALID_ARGUMENT, `Maximum append size of ${limit} bytes exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

/** `actual` -1 = there is no stream; `expected` as a number: -1 no stream, -2 any, -4 the stream exists. */
export const wrongExpectedVersion = (stream: string, expected: string, actual: number): EndpointError =>
  new EndpointError(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      'actual-version': String(actual),
    },
  );

export const badRequest = (what: string): EndpointError => new EndpointError(status.INVALID_ARGUMENT, what);

export const notOffered = (what: string): EndpointError => new EndpointError(status.UNIMPLEMENTED, what);
