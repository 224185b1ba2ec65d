/**
 * Connections to one SMTP server, kept for the next message. Each is nodemailer's pool of one, and serves one attempt at a time, so that an
 * attempt that is over can be ended, and so that it is known of this very message whether it had begun to leave.
 */
import { createTransport, type Transporter } from 'nodemailer';
import { SmtpTranscript } from './smtp-result';
import { SmtpSocket } from './smtp-socket';

export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the start; else STARTTLS where the server offers it. */
  secure?: boolean;
  /** Refuses to go on without TLS. */
  requireTls?: boolean;
  auth?: { user: string; pass: string };
}

export interface Dkim {
  domainName: string;
  keySelector: string;
  privateKey: string;
}

export const CONNECT_MS_MAX = 10_000;
/** Then a new connection is made, so that servers behind one name share the load. */
const MESSAGES_OF_A_CONNECTION_MAX = 100;
const IDLE_MS_MAX = 10_000;

export interface SmtpPoolOptions {
  server: SmtpServer;
  dkim: Dkim | undefined;
  /** Without a word from the server. */
  timeoutMs: number;
  /** Connections kept; more than the channel's attempts at a time are never open. */
  keptMax: number;
}

export class SmtpPool {
  private readonly idle: SmtpConnection[] = [];
  private closed = false;

  constructor(private readonly options: SmtpPoolOptions) {}

  take(): SmtpConnection {
    const connection = this.idle.pop() ?? new SmtpConnection(this.options);
    connection.transcript.dataSent = false;
    return connection;
  }

  /** @param good whether the server took the message: after anything else nobody knows what it thinks of the connection */
  giveBack(connection: SmtpConnection, good: boolean): void {
    if (good && !this.closed && this.idle.length < this.options.keptMax) this.idle.push(connection);
    else connection.end();
  }

  close(): void {
    this.closed = true;
    for (const connection of this.idle.splice(0)) connection.end();
  }
}

export class SmtpConnection {
  readonly transcript = new SmtpTranscript();
  readonly transport: Transporter;
  private readonly socket: SmtpSocket;

  constructor({ server, dkim, timeoutMs }: SmtpPoolOptions) {
    const { host, port, secure = false, requireTls = false, auth } = server;
    this.socket = new SmtpSocket(host, port, CONNECT_MS_MAX);
    this.transport = createTransport({
      // Sent again by itself it might arrive twice: that is for the dispatcher to decide.
      ...{ pool: true, maxConnections: 1, maxRequeues: 0 },
      ...{ maxMessages: MESSAGES_OF_A_CONNECTION_MAX, idleTimeout: IDLE_MS_MAX },
      ...{ host, port, secure, requireTLS: requireTls, getSocket: this.socket.getSocket },
      ...{ greetingTimeout: CONNECT_MS_MAX, socketTimeout: timeoutMs },
      ...{ disableFileAccess: true, disableUrlAccess: true, logger: this.transcript.logger, transactionLog: true },
      ...(auth && { auth }),
      ...(dkim && { dkim }),
    });
  }

  end(): void {
    this.transport.close();
    this.socket.end();
  }
}
