/** The server could not be read, or refused. The message says what was tried and what the server answered. */
export class StoreUnavailable extends Error {
  constructor(what: string, detail: string, cause?: unknown) {
    super(`${what}: ${detail}`, cause === undefined ? undefined : { cause });
    this.name = 'StoreUnavailable';
  }
}

/** The server is not one that Rapport can use, or not now. The message says why and how to mend it. */
export class ServerUnfit extends Error {
  constructor(where: string, problem: string) {
    super(`The event store at ${where} cannot be used: ${problem}`);
    this.name = 'ServerUnfit';
  }
}
