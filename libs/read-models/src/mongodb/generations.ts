/**
 * Generations: a rebuild fills collections of its own, `g<generation>_...`, beside the live ones. One document names the generation in use;
 * writing it is the switch. What was in use before stays for a grace period, for those that are still reading it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db } from 'mongodb';
import { Models } from './models';

interface CurrentDoc {
  _id: 'current';
  generation: number;
  /** Greatest number that was ever given. */
  last: number;
  /** Since when each is out of use, by the server's clock. */
  old: { generation: number; since: Date }[];
  /** When the server's clock was last asked. */
  askedAt?: Date;
}

const DUPLICATE_KEY = 11_000;
/** What another process is making may not be seen at once. */
const LOOK_AGAIN_MS = 20;

export class Generations {
  private readonly document: Collection<CurrentDoc>;

  constructor(private readonly db: Db) {
    this.document = db.collection('generations');
  }

  /** The one in use. The first process to ask makes generation 1 it. */
  async current(): Promise<number> {
    const first = { generation: 1, last: 1, old: [] };
    try {
      await this.document.updateOne({ _id: 'current' }, { $setOnInsert: first }, { upsert: true });
    } catch (error) {
      // Another process made it in the same moment.
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
    const found = await this.document.findOne({ _id: 'current' });
    if (found) return found.generation;
    await pause(LOOK_AGAIN_MS);
    return this.current();
  }

  /** A number that nobody has. */
  async next(): Promise<number> {
    await this.current();
    const doc = await this.document.findOneAndUpdate(
      { _id: 'current' },
      { $inc: { last: 1 } },
      { returnDocument: 'after' },
    );
    return doc!.last;
  }

  /** All or nothing. */
  async switchTo(generation: number): Promise<void> {
    const another = { $not: [{ $in: ['$$one.generation', ['$generation', generation]] }] };
    const others = { $filter: { input: '$old', as: 'one', cond: another } };
    await this.document.updateOne({ _id: 'current', generation: { $ne: generation } }, [
      {
        $set: {
          old: { $concatArrays: [others, [{ generation: '$generation', since: '$$NOW' }]] },
          generation,
          last: { $max: ['$last', generation] },
        },
      },
    ]);
  }

  /** Drops what has been out of use for so long. Answers with their numbers. */
  async dropOld(graceMs: number): Promise<number[]> {
    // Asked by a write: there every server knows $$NOW, in queries not all do.
    const now = { $set: { askedAt: '$$NOW' } };
    const found = await this.document.findOneAndUpdate({ _id: 'current' }, [now], { returnDocument: 'after' });
    if (!found) return [];
    const due = found.old.filter(
      ({ generation, since }) =>
        generation !== found.generation && since.getTime() + graceMs <= found.askedAt!.getTime(),
    );
    for (const { generation } of due) {
      await new Models(this.db, generation).drop();
      await this.document.updateOne({ _id: 'current' }, { $pull: { old: { generation } } });
    }
    return due.map(({ generation }) => generation);
  }

  /** Drops one that was never switched to. */
  async discard(generation: number): Promise<void> {
    if (generation === (await this.current()))
      throw new Error(`Generation ${generation} of the read models is in use.`);
    await new Models(this.db, generation).drop();
  }
}
