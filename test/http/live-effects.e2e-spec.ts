/** The built server with real settings: what plays ask for reaches its receivers, one switch stops it, and no secret is told anywhere. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SealedLinks } from '@rapport/engine';
import { DEFAULT_DEFINITION_TEXT } from '@rapport/journey';
import { SMTPServer } from 'smtp-server';
import { HttpReceiver } from '../../libs/engine/src/testing';
import { MAIN } from '../cli/rapport-process';
import { ServerProcess } from './server-process';

jest.setTimeout(120_000);

const WAIT_MS_MAX = 60_000;
const PASSWORD = 'hidden-password';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const LINK_SECRETS = ['hidden-link-secret-of-32-bytes-00', 'hidden-link-secret-of-32-bytes-01'];
const KEY = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

const hour = (fromNow: number): string => new Date(Date.now() + fromNow * 3_600_000).toISOString().slice(11, 13);
const play = (name: string, type: string, step: string): string =>
  `  - { name: ${name}, why: spec, owner: sales, purpose: service, again: always, on: { touchpoint: { type: ${type} } }, steps: [${step}] }`;
const DEFINITION = `${DEFAULT_DEFINITION_TEXT}
guards: { quiet: { from: "${hour(11)}:00", until: "${hour(12)}:00", weekdays: [mon, tue, wed, thu, fri, sat, sun] } }
plays:
${play('tell-crm', 'web.demo.requested', '{ tell: demo-asked, by: webhook }')}
${play('tell-chat', 'quote.requested', '{ tell: quote-asked, by: chat, template: check-in }')}
`;

interface Action {
  state: string;
  action: string;
}

let folder: string;
let http: HttpReceiver;
let smtp: SMTPServer;
let server: ServerProcess;
const mails: string[] = [];
const users: string[] = [];

async function startSmtp(): Promise<number> {
  smtp = new SMTPServer({
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false, closeTimeout: 100 },
    onAuth: ({ username, password }, _session, done) => {
      users.push(username ?? '');
      done(password === PASSWORD ? null : new Error('no'), { user: username });
    },
    onData: (stream, _session, done) => {
      let source = '';
      stream.on('data', (chunk: Buffer) => (source += chunk.toString()));
      stream.on('end', () => {
        mails.push(source);
        done();
      });
    },
  });
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
  return (smtp.server.address() as AddressInfo).port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-live-'));
  http = await HttpReceiver.start();
  const port = await startSmtp();
  mkdirWith({ 'definition.yaml': DEFINITION, 'dkim.pem': String(KEY), password: `${PASSWORD}\n` });
  server = await ServerProcess.start({
    ...{ RAPPORT_PLAYS: 'default', RAPPORT_DEFINITION: folder, LOG_LEVEL: 'debug' },
    ...{ PUBLIC_URL: 'https://hello.brand.example/', RAPPORT_ALLOWED_HOSTS: 'hello.brand.example' },
    ...{ RAPPORT_LINK_SECRETS: LINK_SECRETS.join(','), RAPPORT_ALLOW_ADDRESSES: '127.0.0.1' },
    RAPPORT_WEBHOOKS: JSON.stringify({ default: { url: `${http.url}/crm`, secrets: [WEBHOOK_SECRET] } }),
    RAPPORT_CHATS: JSON.stringify({ default: `${http.url}/chat/hidden-chat-token` }),
    ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(port), SMTP_FROM: 'Brand <hello@brand.example>' },
    ...{ SMTP_USER: 'rapport', SMTP_PASSWORD_FILE: join(folder, 'password'), SMTP_REPLY_TO: 'help@brand.example' },
    ...{ SMTP_DKIM_DOMAIN: 'brand.example', SMTP_DKIM_SELECTOR: 'r1', SMTP_DKIM_KEY_FILE: join(folder, 'dkim.pem') },
  });
  // It would greet each of them too, but for those who are held out: what is counted here comes from the other plays.
  expect((await server.fetch('POST', '/v1/plays/welcome/pause', { by: 'spec' })).status).toBe(200);
});
afterAll(async () => {
  await http.stop();
  await new Promise<void>((done) => smtp.close(() => done()));
  rmSync(folder, { recursive: true, force: true });
  rmSync(server.folder, { recursive: true, force: true });
});

function mkdirWith(files: { [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function happens(customerId: string): Promise<void> {
  const occurredAt = new Date().toISOString();
  const of = (touchpointId: string, type: string, properties: object = {}): object => {
    return { touchpointId, customerId, type, occurredAt, properties };
  };
  const profile = of('p', 'profile.updated', { email: `${customerId}@example.org`, name: customerId });
  const touchpoints = [profile, of('o', 'order.delayed'), of('d', 'web.demo.requested'), of('q', 'quote.requested')];
  expect((await server.fetch('POST', '/v1/touchpoints', touchpoints, { prefer: 'wait=20' })).status).toBe(200);
}

/** Of the e-mail, the webhook and the chat. */
async function states(customerId: string): Promise<string[]> {
  const path = `/v1/actions?customerId=${customerId}&channel=email&channel=webhook&channel=chat`;
  const { body } = await server.fetch<{ items: Action[] }>('GET', path);
  return body.items.map(({ state }) => state);
}

async function untilDelivered(customerId: string): Promise<void> {
  const until = Date.now() + WAIT_MS_MAX;
  for (let seen: string[] = []; seen.length < 3 || seen.some((state) => state !== 'delivered');) {
    if (Date.now() > until) throw new Error(`${customerId}: ${seen.join()}\n${server.output}`);
    await new Promise((done) => setTimeout(done, 50));
    seen = await states(customerId);
  }
}

const effects = (body: object) => server.fetch('POST', '/v1/effects', { by: 'spec', ...body });

it('sends nothing to anybody in the sandbox', async () => {
  await happens('ann');
  await untilDelivered('ann');
  expect([mails.length, http.received.length]).toEqual([0, 0]);
});

it('sends to all receivers once effects are live, each as the configuration says', async () => {
  expect((await effects({ all: 'live' })).body).toMatchObject({ armed: true, channels: { email: { mode: 'live' } } });
  await happens('ben');
  await untilDelivered('ben');
  expect(users).toContain('rapport');
  const [mail, ...others] = mails;
  expect(others).toEqual([]);
  expect(mail).toMatch(/DKIM-Signature: v=1;[^]*d=brand\.example;[^]*s=r1;/);
  expect(mail).toContain('Reply-To: help@brand.example');
  expect(mail).toContain('To: ben@example.org');
  const token = /List-Unsubscribe: <https:\/\/hello\.brand\.example\/l\/([^>\s]+)>/.exec(mail!)?.[1] ?? '';
  const opened = new SealedLinks('', LINK_SECRETS.slice(0, 1)).open(token, Date.now());
  expect(opened).toMatchObject({ ok: true, claims: { kind: 'unsubscribe', customerId: 'ben' } });
  expect(new SealedLinks('', LINK_SECRETS.slice(1)).open(token, Date.now())).toMatchObject({ ok: false });
  const bodies = http.received.map(({ body }) => JSON.parse(body) as { type?: string; text?: string });
  expect(bodies.map(({ type, text }) => type ?? typeof text).sort()).toEqual(['rapport.action', 'string']);
});

it('stops everything at once by one switch, and goes on by another', async () => {
  await effects({ all: 'off' });
  await happens('cid');
  await new Promise((done) => setTimeout(done, 500));
  expect([mails.length, http.received.length, ...(await states('cid'))]).toEqual([
    1,
    2,
    ...Array<string>(3).fill('requested'),
  ]);
  await effects({ all: 'live', channels: { chat: 'sandbox' } });
  await untilDelivered('cid');
  expect([mails.length, http.received.length]).toEqual([2, 3]);
});

it('tells no secret in its log, its figures, or the log of events', async () => {
  http.respond = (response) => void response.writeHead(500).end('no');
  await effects({ channels: { chat: null } });
  await happens('dan');
  await new Promise((done) => setTimeout(done, 500));
  const figures = (await server.fetch('GET', '/metrics')).text + (await server.fetch('GET', '/v1/status')).text;
  await server.stop();
  const exported = spawnSync(process.execPath, [MAIN, 'export', '--data', server.folder], { encoding: 'utf8' }).stdout;
  expect(exported).toContain('AttemptEnded');
  const key = String(KEY).split('\n')[3]!;
  for (const said of [server.output, figures, exported]) {
    for (const secret of [PASSWORD, WEBHOOK_SECRET, ...LINK_SECRETS, 'hidden-chat-token', key]) {
      expect(said).not.toContain(secret);
    }
  }
});
