/** What channels send to in specs: an HTTP receiver and an SMTP server on loopback, each with faults on demand. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export class HttpReceiver {
  readonly received: Received[] = [];
  respond: (response: ServerResponse, received: Received) => void = (response) => void response.end('ok');
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received = { headers: request.headers, body: Buffer.concat(chunks).toString() };
        this.received.push(received);
        this.respond(response, received);
      });
    });
  }

  static async start(): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(createServer());
    await new Promise<void>((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

export interface ReceivedMail {
  to: string[];
  source: string;
}

export class SmtpReceiver {
  readonly received: ReceivedMail[] = [];
  /** A status to answer with instead of taking it. */
  refuse: { at: 'RCPT' | 'DATA'; status: number } | null = null;
  /** Takes the message and never says so. */
  silent = false;
  /** How long it thinks before it says that it has taken a message. */
  answerAfterMs: () => number = () => 0;
  /** Connections that were made so far. */
  connections = 0;

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<SmtpReceiver> {
    const held: { receiver?: SmtpReceiver } = {};
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 100 },
      onConnect: (_session, done) => {
        held.receiver!.connections += 1;
        done();
      },
      onRcptTo: (_address, _session, done) => done(held.receiver!.fault('RCPT')),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          held.receiver!.received.push({ to, source: Buffer.concat(chunks).toString() });
          const answer = (): void => done(held.receiver!.fault('DATA'));
          if (!held.receiver!.silent) setTimeout(answer, held.receiver!.answerAfterMs());
        });
      },
    });
    server.on('error', () => undefined);
    held.receiver = new SmtpReceiver(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return held.receiver;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** As a server does that wants its memory back. */
  hangUp(): void {
    for (const connection of this.server.connections) connection.close();
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private fault(at: 'RCPT' | 'DATA'): Error | null {
    if (this.refuse?.at !== at) return null;
    return Object.assign(new Error('refused'), { responseCode: this.refuse.status });
  }
}
