import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogReader, unpack } from '@rapport/event-store';
import { partitionOf, touchpointStream } from '@rapport/engine';
import { HttpReceiver } from '../../libs/engine/src/testing';
import { seeded } from '../../bench/src/touchpoints';

const KILLS = Number(process.env.CRASH_KILLS ?? 4);
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const REQUESTS = 100;
const CUSTOMERS = ['ann', 'cid'];
const PROGRAM = join(__dirname, '../../dist/libs/engine/src/dispatch/dispatch-child.fixture.js');
const WAIT_MS_MAX = 60_000;

class Child {
  private said = '';
  private readonly ended: Promise<void>;

  constructor(
    folder: string,
    url: string,
    private readonly child: ChildProcess = spawn(process.execPath, [PROGRAM, folder, url, String(REQUESTS)]),
  ) {
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    const hear = (text: Buffer): void => void (this.said = (this.said + text.toString()).slice(-2_000));
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async pauseFor(ms: number): Promise<void> {
    this.child.kill('SIGSTOP');
    await later(ms);
    this.child.kill('SIGCONT');
  }

  /** Every request is made, and nothing is open. */
  async done(): Promise<void> {
    const until = Date.now() + WAIT_MS_MAX;
    while (!/made\n(.*\n)*open 0\n$/.test(this.said)) {
      if (Date.now() > until) throw new Error(`it is not done in time: ${this.said}`);
      await later(20);
    }
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function outcomesIn(folder: string): string[] {
  const log = openLogReader(folder);
  try {
    return CUSTOMERS.flatMap((customer) =>
      log.streamChunks(touchpointStream(partitionOf(customer, 2)), 0, 1_000_000).flatMap((chunk) =>
        unpack(chunk)
          .map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8')) as { touchpointId: string })
          .map(({ touchpointId }) => touchpointId),
      ),
    );
  } finally {
    log.close();
  }
}

describe(`deliveries, the sender killed ${KILLS} times and stopped (CRASH_SEED=${SEED})`, () => {
  it('none is lost, and none has two effects or two outcomes', async () => {
    const random = seeded(SEED);
    const folder = mkdtempSync(join(tmpdir(), 'rapport-deliveries-'));
    const receiver = await HttpReceiver.start();
    receiver.respond = (response) => void setTimeout(() => response.end('ok'), random() * 40);
    let child = new Child(folder, receiver.url);
    for (let kill = 0; kill < KILLS; kill++) {
      await later(200 + random() * 900);
      if (random() < 0.5) await child.pauseFor(random() * 500);
      await child.kill();
      child = new Child(folder, receiver.url);
    }
    await child.done();
    await child.kill();
    const wanted = CUSTOMERS.flatMap((customer) =>
      Array.from({ length: REQUESTS }, (_, i) => `${customer}-${i}`),
    ).sort();
    const effects = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect([...effects].sort()).toEqual(wanted);
    const bodies = new Set(receiver.received.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`));
    expect(bodies.size).toBe(wanted.length);
    expect([...new Set(outcomesIn(folder))].sort()).toEqual(wanted.map((action) => `${action}-delivered`));
    await receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
