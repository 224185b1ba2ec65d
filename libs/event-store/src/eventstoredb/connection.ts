import { EventStoreDBClient } from '@eventstore/db-client';

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

/** Makes clients for one connection string, each with a connection of its own. */
export class Connection {
  constructor(private readonly url: string) {
    for (const rule of RULES)
      if (rule.breaks(url)) throw new Error(`The connection string of EventStoreDB: ${rule.says}`);
  }

  /** Throws with the place where the connection string is wrong. */
  client(): EventStoreDBClient {
    return EventStoreDBClient.connectionString(this.url);
  }

  /** For messages: where it goes, without user and password. */
  get name(): string {
    return this.url.replace(/\/\/[^/@]*@/, '//').replace(/[?].*$/, '');
  }
}

function hasSeveralNodes(url: string): boolean {
  const hosts = url.replace(/^[^:]*:\/\//, '').replace(/[?].*$/, '');
  return url.startsWith('esdb+discover:') || hosts.includes(',');
}
