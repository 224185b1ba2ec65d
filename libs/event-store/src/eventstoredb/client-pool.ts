import type { EventStoreDBClient } from '@eventstore/db-client';

import { closeClient } from './connection';
import { CALLS_PER_CLIENT_MAX } from './limits';

interface Member {
  client: EventStoreDBClient;
  calls: number;
  /** Takes no further call; disposed of when the last one has ended. */
  retired: boolean;
}

/** One call's place on a client. */
export interface Lease {
  client: EventStoreDBClient;
  /** The call has ended. Once; further times do nothing. */
  release(): void;
  /** The call hung: nobody else gets this client, a new one takes its place. */
  condemn(): void;
}

/**
 * Clients for reads and subscriptions. The server takes 100 calls on a connection and the client says nothing of it: the next call would hang for ever. So calls
 * are counted, and there are as many clients as they need. Appends have a client of their own.
 */
export class ClientPool {
  private readonly members = new Set<Member>();
  private closed = false;

  constructor(
    private readonly make: () => EventStoreDBClient,
    private readonly callsMax = CALLS_PER_CLIENT_MAX,
  ) {}

  take(): Lease {
    if (this.closed) throw new Error('The event store is closed.');
    const member = this.free() ?? this.added();
    member.calls++;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      member.calls--;
      this.tidy(member);
    };
    const condemn = (): void => {
      member.retired = true;
      release();
    };
    return { client: member.client, release, condemn };
  }

  get open(): { clients: number; calls: number } {
    let calls = 0;
    for (const member of this.members) calls += member.calls;
    return { clients: this.members.size, calls };
  }

  async close(): Promise<void> {
    this.closed = true;
    const clients = [...this.members].map((member) => member.client);
    this.members.clear();
    await Promise.all(clients.map((client) => closeClient(client)));
  }

  private free(): Member | undefined {
    for (const member of this.members) if (!member.retired && member.calls < this.callsMax) return member;
    return undefined;
  }

  private added(): Member {
    const member = { client: this.make(), calls: 0, retired: false };
    this.members.add(member);
    return member;
  }

  /** A client without calls costs a connection: one is kept. */
  private tidy(member: Member): void {
    if (member.calls > 0 || !this.members.has(member)) return;
    const spare = [...this.members].some((other) => other !== member && !other.retired && other.calls < this.callsMax);
    if (!member.retired && !spare) return;
    this.members.delete(member);
    void closeClient(member.client);
  }
}
