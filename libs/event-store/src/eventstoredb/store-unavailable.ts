/** The server could not be read, or refused. The message says what was tried and what the server answered. */
export class StoreUnavailable extends Error {
  constructor(what: string, detail: string, cause?: unknown) {
    super(`${what}: ${detail}`, cause === undefined ? undefined : { cause });
    this.name = 'StoreUnavailable';
  }
}
