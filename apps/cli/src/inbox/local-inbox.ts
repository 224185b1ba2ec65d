/** An SMTP server on loopback that keeps what it is sent, and pages to read it on. For the demo. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { InboxFolder, messagesIn } from './inbox-files';
import { listPage, messagePage, PAGE_POLICY } from './inbox-page';

const LOOPBACK = '127.0.0.1';
const MESSAGE_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 16;
const CLOSE_MS = 200;

export class LocalInbox {
  private constructor(
    private readonly data: string,
    private readonly smtp: SMTPServer,
    private readonly pages: Server,
  ) {}

  /** @param data folder of the store: messages lie in `inbox` there */
  static async start(data: string): Promise<LocalInbox> {
    const folder = new InboxFolder(data);
    const smtp = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: CLOSE_MS },
      ...{ size: MESSAGE_BYTES_MAX, maxClients: CLIENTS_MAX },
      onData: (stream, _session, done) => take(stream, folder, done),
    });
    // A client that hangs up is no trouble of the demo's.
    smtp.on('error', () => undefined);
    const inbox = new LocalInbox(data, smtp, createServer());
    inbox.pages.on('request', (request, response) => inbox.show(request, response));
    await listening(smtp.server);
    await listening(inbox.pages);
    return inbox;
  }

  get smtpServer(): { host: string; port: number } {
    return { host: LOOPBACK, port: (this.smtp.server.address() as AddressInfo).port };
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.pages.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.pages.closeAllConnections();
    await new Promise<void>((done) => this.pages.close(() => done()));
    await new Promise<void>((done) => this.smtp.close(() => done()));
  }

  /** Only to who asks for it by its own address: a web page from elsewhere comes under another name. */
  private show(request: IncomingMessage, response: ServerResponse): void {
    const own = new URL(this.url).host;
    const { host } = request.headers;
    if (host !== own && host !== own.replace(LOOPBACK, 'localhost')) return send(response, 403, 'Not under this name.');
    const path = new URL(request.url ?? '/', this.url).pathname;
    const messages = messagesIn(this.data);
    if (path === '/') return send(response, 200, listPage(messages));
    const message = messages.find(({ name }) => path === `/${name}`);
    if (message) return send(response, 200, messagePage(message));
    send(response, 404, 'No such message.');
  }
}

function take(stream: SMTPServerDataStream, folder: InboxFolder, done: (error?: Error | null) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    if (stream.sizeExceeded) return done(Object.assign(new Error('too large'), { responseCode: 552 }));
    folder.put(Buffer.concat(chunks).toString('utf8'));
    done();
  });
}

function listening(server: NetServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => resolve());
  });
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(html);
}
