/**
 * Who had which channel last, for the channels that few have: what finds them among a million. An entry stays when the customer
 * moves on (a query tests the row), and a channel that more than CHANNEL_MEMBERS_MAX ever had is common: its entries go, and its
 * customers come soon enough along any list. So common channels cost nothing, and no update has to know the channel before.
 */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { NO_NAME } from './names';

export const CHANNEL_MEMBERS_MAX = 5_000;
/** Stands in place of the entries of a common channel. */
export const COMMON_MARK = -1;
/** Channels come from outside; beyond this many the counts are read again. */
const COUNTS_KEPT_MAX = 50_000;

export class ChannelMembers {
  /** Entries by channel; Infinity = common. */
  private readonly counts = new Map<number, number>();
  private readonly add: StatementSyncInstance;
  private readonly remove: StatementSyncInstance;
  private readonly counted: StatementSyncInstance;

  constructor(
    db: DatabaseSyncInstance,
    private readonly membersMax = CHANNEL_MEMBERS_MAX,
  ) {
    this.add = db.prepare('INSERT OR IGNORE INTO channel_members (channel, no) VALUES (?, ?)');
    this.remove = db.prepare('DELETE FROM channel_members WHERE channel = ?');
    this.counted = db.prepare('SELECT count(*) AS members, min(no) AS first FROM channel_members WHERE channel = ?');
  }

  /** After a rollback: what was counted since is gone. */
  forget(): void {
    this.counts.clear();
  }

  note(channel: number, no: number): void {
    if (channel === NO_NAME) return;
    const count = this.counts.get(channel) ?? this.read(channel);
    if (count === Infinity || this.add.run(channel, no).changes === 0) return;
    this.counts.set(channel, count < this.membersMax ? count + 1 : this.makeCommon(channel));
  }

  private read(channel: number): number {
    if (this.counts.size >= COUNTS_KEPT_MAX) this.counts.clear();
    const { members, first } = this.counted.get(channel) as { members: number; first: number | null };
    const count = first === COMMON_MARK ? Infinity : members;
    this.counts.set(channel, count);
    return count;
  }

  private makeCommon(channel: number): number {
    this.remove.run(channel);
    this.add.run(channel, COMMON_MARK);
    return Infinity;
  }
}
