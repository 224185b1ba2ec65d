/** The server with the default plays and live effects, killed while messages go out: nothing is lost, and nothing doubled but what is in doubt. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_DEFINITION_TEXT } from '@rapport/journey';
import { freePort, pause, PROGRAM, ServerProcess, type ServerOptions } from '../../bench/src/server-process';
import { seeded } from '../../bench/src/touchpoints';
import { HttpReceiver, SmtpReceiver } from '../../libs/engine/src/testing';
import { PlaysLoad } from './plays-load';
import { readRawLog } from './raw-log';

const KILLS = Number(process.env.CRASH_KILLS ?? 4);
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const UPTIME_MS = [300, 1_200] as const;
/** One start in four is killed while it recovers. */
const RECOVERY_KILL_SHARE = 0.25;
const RECOVERY_MS_MAX = 600;
const DELIVERED_MS_MAX = 60_000;
const ANSWER_MS_MAX = 40;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const hour = (fromNow: number): string => new Date(Date.now() + fromNow * 3_600_000).toISOString().slice(11, 13);
/** Quiet while nobody looks, and one play that tells another system. */
const DEFINITION = `${DEFAULT_DEFINITION_TEXT}
guards: { quiet: { from: "${hour(11)}:00", until: "${hour(12)}:00", weekdays: [mon, tue, wed, thu, fri, sat, sun] } }
plays:
  - name: tell-the-crm
    why: whoever sells wants to know
    owner: sales
    purpose: service
    on: { touchpoint: { type: web.demo.requested } }
    steps: [{ tell: demo-asked, by: webhook }]
`;

interface Action {
  action: string;
  customerId: string;
  state: string;
}

async function actionsOf(server: ServerProcess, play: string): Promise<Action[]> {
  const all: Action[] = [];
  for (let cursor = ''; ;) {
    const path = `/v1/actions?play=${play}&limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await server.json<{ items: Action[]; nextCursor?: string }>(path);
    all.push(...page.items);
    if (page.nextCursor === undefined) return all;
    cursor = page.nextCursor;
  }
}

async function untilNothingIsOpen(server: ServerProcess): Promise<void> {
  const until = Date.now() + DELIVERED_MS_MAX;
  for (;;) {
    const open = await server.json<{ items: Action[] }>(
      '/v1/actions?state=requested&channel=email&channel=webhook&limit=5',
    );
    if (open.items.length === 0) return;
    if (Date.now() > until) throw new Error(`still open: ${JSON.stringify(open.items)}`);
    await pause(100);
  }
}

function rapport(data: string, command: string): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, command, '--data', data], {
    encoding: 'utf8',
  });
  return { status, text: `${stdout}${stderr}` };
}

const actionOf = (source: string): string => /^X-Rapport-Action: (\S+)/m.exec(source)?.[1] ?? '';

describe(`the server with plays, killed ${KILLS} times while it sends (CRASH_SEED=${SEED})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-crash-plays-'));
  const data = join(folder, 'store');
  const random = seeded(SEED);
  let smtp: SmtpReceiver;
  let http: HttpReceiver;
  let acknowledged: string[] = [];
  let mails: Action[] = [];
  let hooks: Action[] = [];

  const between = (least: number, most: number): number => least + random() * (most - least);

  async function receive(): Promise<void> {
    smtp = await SmtpReceiver.start();
    smtp.answerAfterMs = () => random() * ANSWER_MS_MAX;
    http = await HttpReceiver.start();
    http.respond = (response) => void setTimeout(() => response.end('ok'), random() * ANSWER_MS_MAX);
  }

  async function options(): Promise<ServerOptions & { port: number }> {
    const definition = join(folder, 'definition.yaml');
    writeFileSync(definition, DEFINITION);
    const environment = {
      ...{ RAPPORT_DEFINITION: definition, RAPPORT_PLAYS: 'default', RAPPORT_ALLOW_ADDRESSES: '127.0.0.1' },
      RAPPORT_WEBHOOKS: JSON.stringify({ default: { url: http.url, secret: SECRET } }),
      ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.port), SMTP_FROM: 'hello@brand.example' },
    };
    return { data, port: await freePort(), environment };
  }

  async function goLive(port: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/effects`, {
      ...{ method: 'POST', body: '{"by":"spec","all":"live"}', headers: { 'content-type': 'application/json' } },
    });
    expect(await answer.json()).toMatchObject({ all: 'live', armed: true, channels: { email: { mode: 'live' } } });
  }

  beforeAll(
    async () => {
      // Given a server that sends, under load, that is killed again and again
      await receive();
      const own = await options();
      let server = await ServerProcess.start(own);
      await goLive(own.port);
      const load = new PlaysLoad(own.port);
      for (let kill = 0; kill < KILLS; kill++) {
        await pause(between(...UPTIME_MS));
        await server.kill();
        while (random() < RECOVERY_KILL_SHARE) {
          const recovering = await ServerProcess.launch(own);
          await pause(random() * RECOVERY_MS_MAX);
          await recovering.kill();
        }
        server = await ServerProcess.start(own);
      }
      // When it runs in peace
      await load.stop();
      ({ acknowledged } = load);
      await server.caughtUp(readRawLog(data).length);
      await untilNothingIsOpen(server);
      mails = await actionsOf(server, 'late-order');
      hooks = await actionsOf(server, 'tell-the-crm');
      expect(await server.stop()).toBe(0);
    },
    60_000 + KILLS * 20_000,
  );
  afterAll(async () => {
    const doubt = mails.filter(({ state }) => state === 'inDoubt').length;
    const told = `${mails.length} e-mails (${doubt} in doubt), ${hooks.length} webhooks in ${http.received.length} requests`;
    process.stderr.write(`CRASH_SEED=${SEED} CRASH_KILLS=${KILLS}: ${told}\n`);
    await smtp.stop();
    await http.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asked for one message of each kind for every customer, and not for a second', () => {
    const wanted = [...acknowledged].sort();
    expect(wanted.length).toBeGreaterThan(4 * KILLS);
    expect(mails.map(({ customerId }) => customerId).sort()).toEqual(wanted);
    expect(hooks.map(({ customerId }) => customerId).sort()).toEqual(wanted);
  });

  it('delivered every webhook, each under one id with one body', () => {
    expect(new Set(hooks.map(({ state }) => state))).toEqual(new Set(['delivered']));
    const ids = new Set(http.received.map(({ headers }) => String(headers['webhook-id'])));
    expect([...ids].sort()).toEqual(hooks.map(({ action }) => action).sort());
    const bodies = new Set(http.received.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`));
    expect(bodies.size).toBe(ids.size);
  });

  it('delivered every e-mail once; only of one that is marked in doubt it is not known', () => {
    const arrived = new Map<string, number>();
    const ours = new Set(mails.map(({ action }) => action));
    for (const action of smtp.received.map(({ source }) => actionOf(source)))
      if (ours.has(action)) arrived.set(action, (arrived.get(action) ?? 0) + 1);
    const times = (state: string): number[] =>
      mails.filter((mail) => mail.state === state).map(({ action }) => arrived.get(action) ?? 0);
    const delivered = times('delivered');
    const doubt = times('inDoubt');
    expect(delivered.length + doubt.length).toBe(mails.length);
    expect(new Set(delivered)).toEqual(new Set([1]));
    expect(doubt.filter((count) => count > 1)).toEqual([]);
    // Each kill leaves at most what was under way: eight at a time to one server.
    expect(doubt.length).toBeLessThanOrEqual(8 * KILLS);
  });

  it('passes verify, and decided what a rebuild decides', () => {
    const verified = rapport(data, 'verify');
    expect(verified).toEqual({ status: 0, text: verified.text });
    const rebuilt = rapport(data, 'rebuild');
    expect(rebuilt).toEqual({ status: 0, text: rebuilt.text });
    expect(rebuilt.text).toContain('byte for byte');
  }, 120_000);
});
