/** The connection of one attempt, in our own hands: nodemailer lets none be ended before its time is over. */
import { connect, type Socket } from 'node:net';
import type { SMTPTransportGetSocket } from 'nodemailer/lib/smtp-transport';

export class SmtpSocket {
  private socket: Socket | null = null;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly timeoutMs: number,
  ) {}

  readonly getSocket: SMTPTransportGetSocket = (_options, callback) => {
    const socket = connect({ host: this.host, port: this.port });
    this.socket = socket;
    const limit = setTimeout(() => socket.destroy(new Error('no connection in time')), this.timeoutMs);
    const failed = (error: Error): void => {
      clearTimeout(limit);
      callback(error, false);
    };
    socket.once('error', failed);
    socket.once('close', () => clearTimeout(limit));
    socket.once('connect', () => {
      clearTimeout(limit);
      socket.off('error', failed);
      callback(null, { connection: socket });
    });
  };

  end(): void {
    this.socket?.on('error', () => undefined);
    this.socket?.destroy();
  }
}
