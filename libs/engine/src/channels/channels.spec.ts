import { generateKeyPairSync } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { attemptOnce, type ChannelUnderTest, describeChannel, SCOPE, TEMPLATE, toRender } from './channel.contract';
import { HttpReceiver, SmtpReceiver } from './receivers.fixture';
import { type ChannelOptions, makeChannels, NO_CHANNEL_OPTIONS } from './registry';
import type { LogEntry } from '../rapport.types';

const SECRET = `whsec_${Buffer.alloc(32, 'canary-of-the-webhook').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 'an-older-secret').toString('base64')}`;
const CHAT_TOKEN = 'T000-canary-of-the-chat';

async function overHttp(name: string): Promise<ChannelUnderTest & { receiver: HttpReceiver }> {
  const receiver = await HttpReceiver.start();
  const url = `${receiver.url}/hooks/${CHAT_TOKEN}`;
  const channel = channelOf(name, {
    webhook: { destinations: { default: { url, secrets: [SECRET, OLD_SECRET] } } },
    chat: { destinations: { default: url } },
    allowAddresses: ['127.0.0.1'],
  });
  return {
    ...{ channel, receiver, secrets: [SECRET, CHAT_TOKEN, 'zoe@example.org'] },
    received: () => receiver.received.map(({ body }) => body),
    breakDown: () => receiver.stop(),
    stop: () => receiver.stop().catch(() => undefined),
  };
}

async function overSmtp(name: string, sandbox = false): Promise<ChannelUnderTest & { receiver: SmtpReceiver }> {
  const receiver = await SmtpReceiver.start();
  const server = { host: '127.0.0.1', port: receiver.port };
  const channel = channelOf(name, {
    email: {
      ...{ from: 'Brand <hello@brand.example>', replyTo: 'people@brand.example' },
      ...(sandbox ? { sandbox: { server, to: 'inbox@localhost' } } : { server }),
    },
  });
  return {
    ...{ channel, receiver, secrets: ['zoe@', 'whsec_'] },
    received: () => receiver.received.map(({ source }) => source),
    breakDown: () => receiver.stop(),
    stop: () => receiver.stop().catch(() => undefined),
  };
}

function channelOf(name: string, options: Partial<ChannelOptions>, say: (entry: LogEntry) => void = () => undefined) {
  return makeChannels({ ...NO_CHANNEL_OPTIONS, ...options }, say).get(name)!;
}

describeChannel('webhook', () => overHttp('webhook'));
describeChannel('chat', () => overHttp('chat'));
describeChannel('email', () => overSmtp('email'));
describeChannel('survey', () => overSmtp('survey'));
for (const name of ['task', 'log']) {
  describeChannel(name, () => {
    const lines: string[] = [];
    const channel = channelOf(name, {}, (entry) => void lines.push(JSON.stringify(entry)));
    return Promise.resolve({ channel, received: () => lines, secrets: ['whsec_'], stop: () => Promise.resolve() });
  });
}

describe('webhook', () => {
  let it_: Awaited<ReturnType<typeof overHttp>>;
  beforeEach(async () => (it_ = await overHttp('webhook')));
  afterEach(async () => {
    await it_.channel.close();
    await it_.stop();
  });

  it.each([SECRET, OLD_SECRET])('is verified by the published package, with each secret in force', async (secret) => {
    await attemptOnce(it_, toRender('webhook'));
    const { headers, body } = it_.receiver.received[0]!;
    const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(verified).toMatchObject({ type: 'rapport.action', data: { customerId: 'c-1', what: 'thanks' } });
    expect(headers['webhook-id']).toBe('0123456789abcdef0123456789abcdef');
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it.each([
    [200, undefined, { result: 'delivered', detail: '200' }],
    [204, undefined, { result: 'delivered', detail: '204' }],
    [302, undefined, { result: 'failed', detail: '302: redirects are not followed' }],
    [400, undefined, { result: 'failed', detail: '400' }],
    [410, undefined, { result: 'failed', detail: '410', address: true }],
    [429, '7', { result: 'retry', detail: '429', retryAfterMs: 7_000 }],
    [503, 'soon', { result: 'retry', detail: '503' }],
  ])('%i means %j', async (status, retryAfter, expected) => {
    it_.receiver.respond = (response) => {
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      response.setHeader('location', 'http://127.0.0.1:1/elsewhere');
      response.statusCode = status;
      response.end();
    };
    expect(await attemptOnce(it_, toRender('webhook'))).toEqual(expected);
    expect(it_.receiver.received).toHaveLength(1);
  });

  it('a connection that ends after the request is in doubt; an answer that is cut off or endless is one', async () => {
    it_.receiver.respond = (response) => void response.socket!.destroy();
    expect(await attemptOnce(it_, toRender('webhook'))).toMatchObject({ result: 'inDoubt' });
    it_.receiver.respond = (response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('half');
      setTimeout(() => response.socket?.destroy(), 5);
    };
    expect(await attemptOnce(it_, toRender('webhook'))).toMatchObject({ result: 'delivered' });
    let sent = 0;
    it_.receiver.respond = (response) => {
      response.writeHead(200);
      const block = Buffer.alloc(1 << 20);
      const more = (): void => {
        while (sent < 1_024 && !response.destroyed && response.write(block)) sent++;
        if (sent < 1_024 && !response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await attemptOnce(it_, toRender('webhook'))).toMatchObject({ result: 'delivered' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent).toBeLessThan(64);
  });

  it('one that hangs ends when its time is over, in doubt', async () => {
    it_.receiver.respond = () => undefined;
    const signal = AbortSignal.timeout(50);
    expect(await attemptOnce(it_, toRender('webhook'), signal)).toMatchObject({ result: 'inDoubt' });
  });

  it('refuses a secret that is none, without telling it', () => {
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=', 'plain-text-canary', `whsec_${'!'.repeat(44)}`]) {
      const destinations = { crm: { url: 'https://crm.example', secrets: [secret] } };
      const faulty = (): unknown => channelOf('webhook', { webhook: { destinations } });
      expect(faulty).toThrow("the secret of the webhook destination 'crm' is none");
      expect(faulty).not.toThrow('canary');
    }
  });
});

describe('email', () => {
  it('is one message with both parts, one-click unsubscribe, and nothing left to chance', async () => {
    const it_ = await overSmtp('email');
    await attemptOnce(it_, toRender('email'));
    const { source, to } = it_.receiver.received[0]!;
    expect(to).toEqual(['zoe@example.org']);
    expect(source).toContain('List-Unsubscribe: <https://brand.example/l/u>');
    expect(source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(source).toContain('Message-ID: <0123456789abcdef0123456789abcdef@brand.example>');
    expect(source).toContain('Reply-To: people@brand.example');
    expect(source).toContain('multipart/alternative');
    expect(source).toContain('Zo=C3=AB &lt;b&gt;');
    await it_.stop();
  });

  it.each([
    ['RCPT' as const, 550, { result: 'failed', detail: '550', address: true }],
    ['RCPT' as const, 451, { result: 'retry', detail: '451' }],
    ['DATA' as const, 554, { result: 'failed', detail: '554' }],
    ['DATA' as const, 452, { result: 'retry', detail: '452' }],
  ])('%s %i means %j', async (at, status, expected) => {
    const it_ = await overSmtp('email');
    it_.receiver.refuse = { at, status };
    expect(await attemptOnce(it_, toRender('email'))).toEqual(expected);
    await it_.stop();
  });

  it('a server that takes the message and says nothing is in doubt', async () => {
    const it_ = await overSmtp('email');
    it_.receiver.silent = true;
    expect(await attemptOnce(it_, toRender('email'), AbortSignal.timeout(300))).toMatchObject({ result: 'inDoubt' });
    await it_.stop();
  });

  it('keeps its connection for the next message, and makes a new one where that has ended', async () => {
    const it_ = await overSmtp('email');
    const { receiver } = it_;
    for (let i = 0; i < 3; i++)
      expect(await attemptOnce(it_, toRender('email'))).toMatchObject({ result: 'delivered' });
    expect(receiver.connections).toBe(1);
    receiver.hangUp();
    await new Promise((done) => setTimeout(done, 50));
    expect(await attemptOnce(it_, toRender('email'))).toMatchObject({ result: 'delivered' });
    expect(receiver.connections).toBe(2);
    receiver.refuse = { at: 'RCPT', status: 451 };
    expect(await attemptOnce(it_, toRender('email'))).toMatchObject({ result: 'retry' });
    receiver.refuse = null;
    expect(await attemptOnce(it_, toRender('email'))).toMatchObject({ result: 'delivered' });
    expect(receiver.connections).toBe(3);
    const many = await Promise.all(Array.from({ length: 20 }, () => attemptOnce(it_, toRender('email'))));
    expect(new Set(many.map(({ result }) => result))).toEqual(new Set(['delivered']));
    await it_.channel.close();
    await it_.stop();
    expect(receiver.received).toHaveLength(3 + 1 + 1 + 20);
  });

  it.each([null, 'nobody', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '<a@b.example>'])(
    'writes to nobody where the address is %j',
    async (email) => {
      const it_ = await overSmtp('email');
      const scope = { ...SCOPE, customer: { ...SCOPE.customer, personal: { name: 'Zoë', email } } };
      expect(await it_.channel.render(toRender('email', { scope }))).toMatchObject({ ok: false, reason: 'noAddress' });
      await it_.stop();
    },
  );

  it('signs by DKIM where it is told to, each attempt alike', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const dkim = {
      ...{ domainName: 'brand.example', keySelector: 'k1' },
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const receiver = await SmtpReceiver.start();
    const server = { host: '127.0.0.1', port: receiver.port };
    const channel = channelOf('email', { email: { from: 'hello@brand.example', dkim, server } });
    await attemptOnce({ channel }, toRender('email'));
    await attemptOnce({ channel }, toRender('email'));
    expect(receiver.received[0]!.source).toMatch(/DKIM-Signature: v=1;[^]*d=brand\.example;[^]*s=k1;/);
    expect(receiver.received[1]!.source).toBe(receiver.received[0]!.source);
    await receiver.stop();
  });

  it('a name with a line break makes no header', async () => {
    const it_ = await overSmtp('email');
    const personal = { name: 'Zoë\r\nBcc: victim@example.org', email: 'zoe@example.org' };
    const scope = { ...SCOPE, customer: { ...SCOPE.customer, personal } };
    await attemptOnce(it_, toRender('email', { scope }));
    const [head] = it_.receiver.received[0]!.source.split('\r\n\r\n');
    expect(head!.replaceAll('\r', '\n')).not.toMatch(/^Bcc:/m);
    expect(it_.receiver.received[0]!.to).toEqual(['zoe@example.org']);
    await it_.stop();
  });

  it('in the sandbox everything goes to one address', async () => {
    const it_ = await overSmtp('email', true);
    expect(it_.channel.ownSandbox).toBe(true);
    await attemptOnce(it_, toRender('email', { mode: 'sandbox' }));
    expect(it_.receiver.received[0]!.to).toEqual(['inbox@localhost']);
    expect(await attemptOnce(it_, toRender('email'))).toMatchObject({ result: 'failed' });
    await it_.stop();
  });
});

describe('survey', () => {
  it('shows the link to its page, once', async () => {
    const it_ = await overSmtp('survey');
    await attemptOnce(it_, toRender('survey', { template: { text: 'How was it?' } }));
    await attemptOnce(it_, toRender('survey', { template: { ...TEMPLATE, text: 'Here: {{ links.answer }}' } }));
    for (const { source } of it_.receiver.received) expect(source).toContain('https://brand.example/l/a');
    await it_.stop();
  });
});

describe('task', () => {
  it('tells the team that wants to be told, and in the sandbox nobody', async () => {
    const it_ = await overHttp('task');
    await attemptOnce(it_, toRender('task'));
    await attemptOnce(it_, toRender('task', { notify: 'default', mode: 'sandbox' }));
    expect(it_.receiver.received).toHaveLength(0);
    await attemptOnce(it_, toRender('task', { notify: 'default' }));
    const { body, headers } = it_.receiver.received[0]!;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'rapport.task' });
    await it_.channel.close();
    await it_.stop();
  });
});
