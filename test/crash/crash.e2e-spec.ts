import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentGeneration, openReadModelQueries } from '@rapport/read-models';
import { freePort, pause, PROGRAM, ServerProcess } from '../../bench/src/server-process';
import { seeded } from '../../bench/src/touchpoints';
import { ChangeSubscriber } from './change-subscriber';
import { CrashLoad } from './crash-load';
import { Ledger } from './ledger';
import { checkLog, publishedStageChanges } from './log-checker';
import { readRawLog } from './raw-log';

const KILLS = Number(process.env.CRASH_KILLS ?? 4);
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const UPTIME_MS_MAX = 1_500;
/** One start in three is killed while it recovers, before it is ready. */
const RECOVERY_KILL_SHARE = 0.33;
const RECOVERY_MS_MAX = 600;
const SUBSCRIBER_MS_MAX = 20_000;

function rapport(data: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args, '--data', data], {
    encoding: 'utf8',
  });
  return { status, text: `${stdout}${stderr}` };
}

/** Every row of the read models and the position that they are true for. */
function dump(data: string): { position: number; hash: string } {
  const generation = currentGeneration(data);
  if (generation === null) throw new Error(`${data} has no read models.`);
  const models = openReadModelQueries(data, generation);
  try {
    const hash = createHash('sha256');
    for (const line of models.dump()) hash.update(`${line}\n`);
    return { position: models.checkpoint()?.position ?? 0, hash: hash.digest('hex') };
  } finally {
    models.close();
  }
}

async function untilSeen(subscriber: ChangeSubscriber, changes: number): Promise<void> {
  const until = Date.now() + SUBSCRIBER_MS_MAX;
  while (subscriber.seen.length < changes && Date.now() < until) await pause(50);
}

async function crashAndRestart(server: ServerProcess, data: string, random: () => number): Promise<ServerProcess> {
  await pause(50 + random() * UPTIME_MS_MAX);
  await server.kill();
  while (random() < RECOVERY_KILL_SHARE) {
    const recovering = await ServerProcess.launch({ data, port: server.port });
    await pause(random() * RECOVERY_MS_MAX);
    await recovering.kill();
  }
  return ServerProcess.start({ data, port: server.port });
}

describe(`the server, killed ${KILLS} times under load (CRASH_SEED=${SEED})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-crash-'));
  const data = join(folder, 'store');
  const ledger = new Ledger();
  const random = seeded(SEED);
  let subscriber: ChangeSubscriber;
  let surprises: string[] = [];
  let exitCode: number | null = null;

  beforeAll(
    async () => {
      // Given a server under load, with a subscriber, that is killed again and again
      let server = await ServerProcess.start({ data, port: await freePort() });
      subscriber = new ChangeSubscriber(server.port, 0);
      const load = new CrashLoad(server.port, ledger, SEED);
      try {
        for (let kill = 0; kill < KILLS; kill++) server = await crashAndRestart(server, data, random);
        await pause(500);
      } finally {
        await load.stop();
      }
      surprises = load.surprises;
      // When it runs in peace, and is then asked to stop
      try {
        await server.caughtUp(readRawLog(data).length);
        await untilSeen(subscriber, publishedStageChanges(readRawLog(data)).length);
      } finally {
        subscriber.close();
        exitCode = await server.stop();
      }
    },
    60_000 + KILLS * 15_000,
  );
  afterAll(() => {
    const { acknowledged, unknown } = ledger.count();
    const told = `${acknowledged} touchpoints acknowledged, ${unknown} unknown, ${subscriber.seen.length} changes seen`;
    process.stderr.write(`CRASH_SEED=${SEED} CRASH_KILLS=${KILLS}: ${told}\n`);
    rmSync(folder, { recursive: true, force: true });
  });

  it('answered nothing strange, and stopped well in the end', () => {
    expect(surprises).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('holds every acknowledged touchpoint as it was sent, nothing else, in order, and no decision twice', () => {
    const { acknowledged, unknown } = ledger.count();
    expect(acknowledged).toBeGreaterThan(100 * KILLS);
    expect(unknown).toBeGreaterThan(0);
    expect(checkLog(readRawLog(data), ledger)).toEqual([]);
  });

  it('told its subscriber every stage change, each once and in order, over all the reconnections', () => {
    expect(subscriber.connections).toBeGreaterThan(KILLS / 2);
    expect(subscriber.seen).toEqual(publishedStageChanges(readRawLog(data)));
  });

  it('passes verify', () => {
    const { status, text } = rapport(data, 'verify');
    expect({ status, text }).toEqual({ status: 0, text });
  }, 120_000);

  it('has read models equal to a rebuild', () => {
    const live = dump(data);
    const { status, text } = rapport(data, 'rebuild');
    expect({ status, text }).toEqual({ status: 0, text });
    expect(dump(data)).toEqual(live);
    expect(live.position).toBe(readRawLog(data).length);
  }, 120_000);
});
