import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutboxFolder } from '@rapport/engine';
import { createTransport } from 'nodemailer';
import { INBOX_KEPT, InboxFolder, messagesIn } from './inbox-files';
import { LocalInbox } from './local-inbox';

describe('the local inbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-inbox-'));
  let inbox: LocalInbox;
  beforeAll(async () => {
    inbox = await LocalInbox.start(folder);
  });
  afterAll(async () => {
    await inbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function deliver(subject: string, html?: string): Promise<void> {
    const transport = createTransport({ ...inbox.smtpServer, secure: false });
    await transport.sendMail({
      ...{ from: 'hello@demo.example', to: 'zoë <zoe@example.org>', subject, html },
      text: 'Dear Zoë, = is a sign.\nhttp://127.0.0.1:1/l/abc <script>',
      headers: { 'X-Rapport-Action': 'abc' },
    });
    transport.close();
  }

  /** The status, and the page, as asked for under any name. */
  function page(path: string, host = new URL(inbox.url).host): Promise<[number, string]> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, inbox.url), { headers: { host } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      sent.on('error', reject).end();
    });
  }

  it('keeps what it is sent, and reads it back', async () => {
    await deliver('Thank you, Zoë: that was more than we could ever have asked for, and then some more', '<b>Zoë</b>');
    await deliver('Plain');
    const [first, second] = messagesIn(folder);
    expect(first).toMatchObject({
      ...{ name: 'inbox/1', channel: 'email', action: 'abc', html: '<b>Zoë</b>' },
      subject: 'Thank you, Zoë: that was more than we could ever have asked for, and then some more',
      to: expect.stringContaining('zoe@example.org') as string,
      text: expect.stringContaining('Dear Zoë, = is a sign.') as string,
    });
    expect(second).toMatchObject({ subject: 'Plain', html: '', text: expect.stringContaining('Dear Zoë') as string });
  });

  it('shows it as pages that run nothing, to nobody who comes under another name', async () => {
    const [status, list] = await page('/');
    expect(status).toBe(200);
    expect(list).toContain('<a href="/inbox/2">Plain</a>');
    const [, message] = await page('/inbox/1');
    expect(message).toContain('<a href="http://127.0.0.1:1/l/abc"');
    expect(message).toContain('&lt;script&gt;');
    expect(message).toContain('sandbox="allow-popups" srcdoc="&lt;base');
    expect((await page('/inbox/99'))[0]).toBe(404);
    expect((await page('/', 'evil.example'))[0]).toBe(403);
    const { headers } = await fetch(inbox.url);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('messages beside a store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-inbox-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the sandbox too, and of the inbox the newest', () => {
    expect(messagesIn(folder)).toEqual([]);
    const inbox = new InboxFolder(folder);
    for (let i = 0; i < INBOX_KEPT + 2; i++) inbox.put(`Subject: ${i}\r\nTo: a@b\r\n\r\ntext`);
    writeFileSync(join(folder, 'inbox', 'notes.eml'), 'not one of ours');
    const request = { action: 'a1', channel: 'webhook', play: 'p' } as Parameters<OutboxFolder['put']>[0];
    new OutboxFolder(folder).put(request, 'ann', { to: 'default', bytes: '{"x":1}' }, 0);
    const [oldest, ...others] = messagesIn(folder);
    expect(oldest).toMatchObject({ name: 'outbox/1', channel: 'webhook', to: 'default', text: '{"x":1}', subject: '' });
    expect(others).toHaveLength(INBOX_KEPT);
    expect(others.map(({ subject }) => subject)).not.toContain('1');
    new InboxFolder(folder).put('Subject: last\r\n\r\n');
    expect(messagesIn(folder).at(-1)).toMatchObject({ name: `inbox/${INBOX_KEPT + 3}`, subject: 'last' });
  });
});
