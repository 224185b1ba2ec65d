/** How documents are read: what most members have; within a snapshot, all as of one moment. */
import type { ClientSession } from 'mongodb';
import type { MongoConnection } from './connection';

export interface ReadOptions {
  readConcern: { level: 'majority' | 'snapshot' };
  session?: ClientSession;
}

export class Reading {
  private session: ClientSession | undefined;

  constructor(private readonly connection: MongoConnection) {}

  /** A new object each time: the driver writes into it. */
  get options(): ReadOptions {
    if (!this.session) return { readConcern: { level: 'majority' } };
    return { readConcern: { level: 'snapshot' }, session: this.session };
  }

  /** From the next read on. A standalone server has no snapshots: there each read is as of its own moment. */
  begin(): void {
    if (this.connection.kind.transactions) this.session ??= this.connection.client.startSession({ snapshot: true });
  }

  async end(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.endSession();
  }
}
