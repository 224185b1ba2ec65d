import { EventStoreDBClient } from '@eventstore/db-client';

import { within } from './time-limit';

/** What a connection string must and must not say (docs/decisions/0023). */
const RULES: { breaks(url: string): boolean; says: string }[] = [
  {
    breaks: (url) => /[?&]throwOnAppendFailure=false/i.test(url),
    says: 'throwOnAppendFailure=false makes the client answer conflicts with a wrong revision. Leave it out.',
  },
  {
    breaks: (url) => hasSeveralNodes(url) && !/[?&]nodePreference=leader/i.test(url),
    says: 'With several nodes each connection would go to any of them, and a follower may not know yet what was just written. Add nodePreference=leader.',
  },
];

const KEEP_ALIVE_TIMEOUT = /([?&])keepAliveTimeout=(-?\d+)/i;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
/** What -1 (never) stands for: some days. A timer takes no more than 2^31 ms. */
const NEVER_MS = 1_000_000_000;

/** How many clients this process has made. */
let made = 0;

/**
 * Makes clients for one connection string, each with a connection of its own: what gRPC calls a channel shares its connection with every other one to the same place with
 * the same settings, so each client waits a ms longer for the answer to a keep-alive than the one before it.
 */
export class Connection {
  constructor(private readonly url: string) {
    for (const rule of RULES)
      if (rule.breaks(url)) throw new Error(`The connection string of EventStoreDB: ${rule.says}`);
  }

  /** Throws with the place where the connection string is wrong. */
  client(): EventStoreDBClient {
    return EventStoreDBClient.connectionString(withTimeout(this.url, made++));
  }

  /** For messages: where it goes, without user and password. */
  get name(): string {
    return this.url.replace(/\/\/[^/@]*@/, '//').replace(/[?].*$/, '');
  }
}

/** How long the end of all calls of a client may take, in ms. */
const DISPOSE_MS_MAX = 1_000;

/**
 * Ends what the client has under way, and its connection, which `dispose` leaves open. `dispose` waits for ever for a call that has ended and whose end nobody
 * read, so it is not waited for that long. The client must not be used again.
 */
export async function closeClient(client: EventStoreDBClient): Promise<void> {
  await within(client.dispose(), DISPOSE_MS_MAX);
  const ofClient = client as unknown as { getChannel(): Promise<{ close(): void }> };
  try {
    (await ofClient.getChannel()).close();
  } catch {
    // There is no connection: the nodes could not even be found.
  }
}

function withTimeout(url: string, more: number): string {
  const [, , given] = KEEP_ALIVE_TIMEOUT.exec(url) ?? [];
  const base = given === undefined ? KEEP_ALIVE_TIMEOUT_MS : Number(given);
  const setting = `keepAliveTimeout=${(base < 0 ? NEVER_MS : base) + more}`;
  if (given !== undefined) return url.replace(KEEP_ALIVE_TIMEOUT, `$1${setting}`);
  return `${url}${url.includes('?') ? '&' : '?'}${setting}`;
}

function hasSeveralNodes(url: string): boolean {
  const hosts = url.replace(/^[^:]*:\/\//, '').replace(/[?].*$/, '');
  return url.startsWith('esdb+discover:') || hosts.includes(',');
}
