import { generateKeyPairSync } from 'node:crypto';
import { ConfigurationRefused, type ServerConfiguration } from './configuration';
import { readConfiguration } from './read-configuration';
import type { Environment } from './sources';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const LONG = 'x'.repeat(32);
const KEY = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

const read = (env: Environment, files: { [path: string]: string } = {}): ServerConfiguration =>
  readConfiguration({}, env, (path) => files[path], '/folder');

function faultsOf(env: Environment, files: { [path: string]: string } = {}): string[] {
  try {
    read(env, files);
  } catch (error) {
    if (error instanceof ConfigurationRefused) return error.faults.map((f) => `${f.where} | ${f.problem} ${f.mend}`);
    throw error;
  }
  return [];
}

describe('the settings of messages', () => {
  it('have no receiver at first, and links lead to the server itself', () => {
    const { messages, warnings } = read({ PORT: '8080' });
    expect(messages).toEqual({
      publicUrl: 'http://127.0.0.1:8080',
      linkSecrets: [],
      channels: {
        webhook: { destinations: {} },
        chat: { destinations: {} },
        email: { from: 'rapport@localhost' },
        allowAddresses: [],
      },
    });
    expect(warnings).toEqual([]);
  });

  it('come from a file, the environment before it', () => {
    const file = `
publicUrl: https://hello.brand.example/
allowedHosts: [hello.brand.example]
linkSecrets: ["${LONG}", "${LONG}2"]
webhooks:
  default: { url: "https://crm.example/hook", secrets: ["${SECRET}"] }
  parcel: { url: "https://parcel.example:8443/", secret: "${SECRET}" }
chats: { sales: "https://chat.example/hooks/1" }
smtp:
  host: smtp.brand.example
  user: rapport
  passwordFile: ./password
  from: Brand <hello@brand.example>
  replyTo: help@brand.example
  dkimDomain: brand.example
  dkimSelector: r1
  dkimKeyFile: ./dkim.pem
  sandboxTo: me@brand.example
`;
    const files = {
      '/folder/rapport.config.yaml': file,
      '/folder/password': 'of the file\n',
      '/folder/dkim.pem': String(KEY),
    };
    const { messages, warnings } = read(
      { SMTP_PORT: '2525', RAPPORT_CHATS: '{"ops": "https://ops.example/h"}' },
      files,
    );
    const auth = { user: 'rapport', pass: 'of the file' };
    const server = { host: 'smtp.brand.example', port: 2_525, secure: false, requireTls: true, auth };
    expect(messages).toMatchObject({ publicUrl: 'https://hello.brand.example', linkSecrets: [LONG, `${LONG}2`] });
    expect(messages.channels).toMatchObject({
      chat: { destinations: { ops: 'https://ops.example/h' } },
      webhook: { destinations: { default: { secrets: [SECRET] }, parcel: { secrets: [SECRET] } } },
      email: { server, replyTo: 'help@brand.example', sandbox: { server, to: 'me@brand.example' } },
    });
    expect(messages.channels.email.dkim).toMatchObject({ domainName: 'brand.example', keySelector: 'r1' });
    expect(warnings).toEqual([]);
  });

  it('take a server of the sandbox, and receivers on addresses that are allowed', () => {
    const { channels } = read({
      SMTP_SANDBOX_HOST: '127.0.0.1',
      RAPPORT_ALLOW_ADDRESSES: '127.0.0.1, 10.0.0.0/8',
      RAPPORT_WEBHOOKS: JSON.stringify({ default: { url: 'http://127.0.0.1:9/', secret: SECRET } }),
    }).messages;
    expect(channels.email).toEqual({
      from: 'rapport@localhost',
      sandbox: { server: { host: '127.0.0.1', port: 1_025 } },
    });
    expect(channels.allowAddresses).toEqual(['127.0.0.1', '10.0.0.0/8']);
  });

  it('tell all their faults at once, each with its mend, and no secret', () => {
    const faults = faultsOf({
      PUBLIC_URL: 'ftp://brand.example',
      RAPPORT_LINK_SECRETS: 'tooshort',
      RAPPORT_ALLOW_ADDRESSES: 'crm.internal',
      RAPPORT_WEBHOOKS:
        '{"A b": {}, "crm": {"url": "https://u:hidden1@crm.example", "secret": "hidden2", "to": 1}, "erp": {"url": "https://erp.example"}}',
      RAPPORT_CHATS: '{"sales": "http://chat.example/hidden3"}',
      SMTP_HOST: 'smtp.brand.example',
      SMTP_PASSWORD: 'hidden4',
      SMTP_REPLY_TO: 'nobody',
      SMTP_DKIM_DOMAIN: 'brand.example',
    });
    const text = faults.join('\n');
    for (const part of [
      'PUBLIC_URL | It is no plain http or https address.',
      'RAPPORT_LINK_SECRETS | Secret 1 is shorter than 32 bytes.',
      "RAPPORT_ALLOW_ADDRESSES | 'crm.internal' is no address",
      'RAPPORT_WEBHOOKS | "A b" is no name.',
      'RAPPORT_WEBHOOKS, crm | "to" is no part of it. It has url, secret, secrets.',
      'RAPPORT_WEBHOOKS, crm | A secret cannot be used',
      'RAPPORT_WEBHOOKS, crm | It cannot be sent to: a URL with a user name is refused.',
      'RAPPORT_WEBHOOKS, erp | It has no secret.',
      'RAPPORT_CHATS, sales | Only https on port 443 or 8443 is sent to.',
      'SMTP_USER | There is only one of user and password.',
      'SMTP_REPLY_TO | "nobody" is no address.',
      'SMTP_DKIM_KEY_FILE | DKIM is only half there.',
      'SMTP_FROM | There is an SMTP server, and nobody whom messages come from.',
    ])
      expect(text).toContain(part);
    expect(faults).toHaveLength(13);
    expect(text).not.toContain('hidden');
  });

  it.each([
    [{ RAPPORT_WEBHOOKS: '{"default": hidden' }, 'It is no mapping of names.'],
    [{ SMTP_HOST: 'a.b', SMTP_FROM: 'x@y.z', SMTP_TLS: 'maybe' }, 'Write one of required, offered, implicit.'],
    [{ SMTP_SANDBOX_TO: 'me@brand.example' }, 'no server that could send to it'],
    [
      { SMTP_HOST: 'a.b', SMTP_FROM: 'x@y.z', SMTP_USER: 'u', SMTP_PASSWORD_FILE: 'gone' },
      'There is no file /folder/gone',
    ],
  ])('refuse %p', (env, says) => expect(faultsOf(env).join('\n')).toContain(says));

  it('warn of links and a password in the clear', () => {
    expect(read({ PUBLIC_URL: 'http://hello.brand.example' }).warnings).toEqual([
      expect.stringContaining('plain http'),
    ]);
    const smtp = { SMTP_HOST: 'a.b', SMTP_FROM: 'x@y.z', SMTP_USER: 'u', SMTP_PASSWORD: 'p', SMTP_TLS: 'offered' };
    expect(read(smtp).warnings).toEqual([expect.stringContaining('in the clear')]);
  });
});
