import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { connectMongo, type MongoConnection } from './connection';
import type { MongoSettings } from './mongo-settings';
import type { ChildArguments, ChildSays } from './lease-child.fixture';
import { Leases } from './leases';
import { startTestMongo, type TestMongo } from './mongo-server.fixture';
import { ensureIndexes, Models } from './models';

const { MONGODB_URL } = process.env;
jest.setTimeout(120_000);

const ROLE = 'engine';
const LONG_MS = 60_000;
const LEASE_MS = 1_000;
const LOOK_MS = 20;
const GENERATION = 1;
const CHILD = join(__dirname.replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`), 'lease-child.fixture.js');

class Child {
  readonly said: ChildSays[] = [];
  private readonly process: ChildProcess;

  constructor(worker: string, settings: MongoSettings) {
    const asked: ChildArguments = { settings, worker, leaseMs: LEASE_MS, generation: GENERATION };
    this.process = spawn(process.execPath, [CHILD, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: this.process.stdout! }).on('line', (line) =>
      this.said.push(JSON.parse(line) as ChildSays),
    );
  }

  get wrote(): string[] {
    return this.said.flatMap((line) => (line.says === 'wrote' ? [line.id] : []));
  }

  async until(enough: (child: this) => boolean): Promise<void> {
    while (!enough(this)) {
      if (this.process.exitCode !== null) throw new Error(`the worker ended: ${JSON.stringify(this.said)}`);
      await pause(LOOK_MS);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async ended(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
  }
}

describe('leases', () => {
  let server: TestMongo;
  let settings: MongoSettings;
  let connection: MongoConnection;
  let leases: Leases;
  beforeAll(async () => {
    server = await startTestMongo({ url: MONGODB_URL });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    settings = server.settings();
    connection = await connectMongo(settings);
    leases = new Leases(connection.db);
  });
  afterEach(() => connection.client.close());

  it('are held by one worker at a time, with a token that rises at each change of hands', async () => {
    expect(await leases.take(ROLE, 3, 'ann', LONG_MS)).toEqual({ token: 1 });
    expect(await leases.take(ROLE, 3, 'bob', LONG_MS)).toBeNull();
    expect(await leases.take(ROLE, 3, 'ann', LONG_MS)).toBeNull();
    await leases.release(ROLE, 3, 'bob', 1);
    await leases.release(ROLE, 3, 'ann', 9);
    expect((await leases.rows(ROLE, 5))[3]).toEqual({ partition: 3, owner: 'ann', token: 1, expired: false });
    await leases.release(ROLE, 3, 'ann', 1);
    expect((await leases.rows(ROLE, 5))[3]).toEqual({ partition: 3, owner: '', token: 1, expired: true });
    expect(await leases.take(ROLE, 3, 'bob', LONG_MS)).toEqual({ token: 2 });
    expect(await leases.take('dispatcher', 3, 'ann', LONG_MS)).toEqual({ token: 1 });
    expect((await leases.rows(ROLE, 5)).map((row) => row.owner)).toEqual(['', '', '', 'bob', '']);
  });

  it('last as long as they are renewed, by their own token only', async () => {
    const held = [
      { partition: 0, token: 1 },
      { partition: 1, token: 1 },
    ];
    for (const { partition } of held) await leases.take(ROLE, partition, '$ann', LEASE_MS);
    for (let i = 0; i < 4; i++) {
      await pause(LEASE_MS / 2);
      expect(await leases.renew(ROLE, '$ann', held, LEASE_MS)).toEqual([0, 1]);
    }
    expect(await leases.renew(ROLE, '$ann', [{ partition: 0, token: 2 }], LEASE_MS)).toEqual([]);
    expect(await leases.renew(ROLE, 'bob', held, LEASE_MS)).toEqual([]);
    await pause(LEASE_MS + 100);
    expect(await leases.renew(ROLE, '$ann', held, LEASE_MS)).toEqual([]);
    expect(await leases.take(ROLE, 0, 'bob', LONG_MS)).toEqual({ token: 2 });
  });

  it('go to one of many who reach for them in the same moment', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `worker-${i}`);
    for (let partition = 0; partition < 5; partition++) {
      const taken = await Promise.all(names.map((name) => leases.take(ROLE, partition, name, LONG_MS)));
      expect(taken.filter((one) => one !== null)).toEqual([{ token: 1 }]);
    }
  });

  it('tell who lives', async () => {
    expect(await leases.beat(ROLE, 'bob', LONG_MS)).toEqual(['bob']);
    expect(await leases.beat(ROLE, 'ann', LEASE_MS)).toEqual(['ann', 'bob']);
    await leases.beat('dispatcher', 'zoe', LONG_MS);
    await pause(LEASE_MS + 100);
    expect(await leases.beat(ROLE, 'bob', LONG_MS)).toEqual(['bob']);
    await leases.leave(ROLE, 'bob');
    expect(await leases.beat(ROLE, 'ann', LONG_MS)).toEqual(['ann']);
  });

  it('of a process that is stopped for longer go to another, and its token fences what it writes when it comes back', async () => {
    const models = new Models(connection.db, GENERATION);
    await ensureIndexes(models);
    const first = new Child('first', settings);
    await first.until((child) => child.wrote.length >= 3);
    first.signal('SIGSTOP');
    const second = new Child('second', settings);
    await second.until((child) => child.wrote.length >= 3);
    first.signal('SIGCONT');
    await first.until((child) => child.said.some((line) => line.says === 'fenced'));
    await first.ended();
    await second.until((child) => child.wrote.length >= 6);
    second.signal('SIGTERM');
    await second.ended();

    expect(first.said[0]).toEqual({ says: 'owns', token: 1 });
    expect(second.said[0]).toEqual({ says: 'owns', token: 2 });
    expect(first.said.at(-1)).toEqual({ says: 'fenced', renewed: 0 });
    expect(second.said.at(-1)).toEqual({ says: 'released' });
    const stored = (await models.customers.find().toArray()).map((doc) => doc.customerId);
    const unanswered = stored.filter((id) => ![...first.wrote, ...second.wrote].includes(id));
    expect(stored).toEqual(expect.arrayContaining([...first.wrote, ...second.wrote]));
    // At most what was on its way when the process was stopped.
    expect(unanswered.length).toBeLessThanOrEqual(1);
    const numbers = (await models.customers.find().sort({ no: 1 }).toArray()).map((doc) => doc.no);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
  });
});
