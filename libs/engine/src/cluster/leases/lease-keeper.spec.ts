import type { Ownership } from '../run/ownership';
import { LeaseKeeper } from './lease-keeper';
import { MemoryLeases } from './memory-leases.fixture';

const PARTITIONS = 8;
const LEASE_MS = 300;

/** Workers that must never believe to own the same partition at one time. */
class Workers {
  readonly table = new MemoryLeases(PARTITIONS);
  readonly believed = new Map<string, Map<number, Ownership>>();
  readonly doubled: string[] = [];
  private readonly keepers = new Map<string, LeaseKeeper>();

  start(worker: string): void {
    const held = new Map<number, Ownership>();
    this.believed.set(worker, held);
    const keeper = new LeaseKeeper({
      ...{ table: this.table.of(worker), worker, partitions: PARTITIONS, leaseMs: LEASE_MS, say: () => undefined },
      owned: (ownership) => {
        for (const [other, theirs] of this.believed)
          if (other !== worker && theirs.get(ownership.partition)?.valid)
            this.doubled.push(`${ownership.partition}: ${worker} and ${other}`);
        held.set(ownership.partition, ownership);
      },
      renewed: () => undefined,
      lost: (partition) => held.delete(partition),
      giveBack: async (partition) => {
        await new Promise((done) => setTimeout(done, 5));
        held.delete(partition);
      },
    });
    this.keepers.set(worker, keeper);
    keeper.start();
  }

  stop(worker: string): Promise<void> {
    return this.keepers.get(worker)!.stop();
  }

  shares(): number[] {
    return [...this.keepers.values()].map((keeper) => keeper.owned.length);
  }

  async until(shares: number[]): Promise<void> {
    for (let waited = 0; waited < 5_000; waited += 20) {
      if (JSON.stringify(this.shares()) === JSON.stringify(shares)) return;
      await new Promise((done) => setTimeout(done, 20));
    }
    expect(this.shares()).toEqual(shares);
  }
}

describe('LeaseKeeper', () => {
  it('spreads the partitions over the workers that live, and none is ever owned twice', async () => {
    const workers = new Workers();
    workers.start('a');
    await workers.until([8]);
    workers.start('b');
    await workers.until([4, 4]);
    workers.start('c');
    await workers.until([3, 3, 2]);
    await workers.stop('a');
    await workers.until([0, 4, 4]);
    expect(workers.doubled).toEqual([]);
    await workers.stop('b');
    await workers.stop('c');
    expect(workers.table.rows().every((row) => row.owner === '')).toBe(true);
  });

  it('takes over from a worker that reaches the table no more, after that one has stopped believing', async () => {
    const workers = new Workers();
    workers.start('a');
    await workers.until([8]);
    workers.start('b');
    await workers.until([4, 4]);
    workers.table.cutOff.add('a');
    await workers.until([0, 8]);
    expect(workers.doubled).toEqual([]);
    expect([...workers.believed.get('a')!.values()].filter((ownership) => ownership.valid)).toEqual([]);
    workers.table.cutOff.delete('a');
    await workers.until([4, 4]);
    await workers.stop('a');
    await workers.stop('b');
  });

  it('raises the token with each change of hands', async () => {
    const workers = new Workers();
    workers.start('a');
    await workers.until([8]);
    const before = workers.table.rows().map((row) => row.token);
    await workers.stop('a');
    workers.start('b');
    await workers.until([0, 8]);
    expect(workers.table.rows().map((row) => row.token)).toEqual(before.map((token) => token + 1));
    await workers.stop('b');
  });
});
