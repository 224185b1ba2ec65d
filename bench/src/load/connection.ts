/** One keep-alive connection on a raw socket: one request at a time, and only as much reading of the answer as needed. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** The first bytes of the body: enough for the counts of an ingest answer. */
  body: string;
}

const HEADER_END = Buffer.from('\r\n\r\n', 'latin1');
const BODY_START_KEPT = 400;

export class Connection {
  private pieces: Buffer[] = [];
  private gathered = 0;
  private expected = -1;
  private bodyAt = 0;
  private waiting: ((answer: Answer) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly onLost: (error: Error) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.take(piece));
    socket.on('error', (error) => onLost(error));
    socket.on('close', () => this.waiting && onLost(new Error('The server closed a connection before it answered.')));
  }

  static open(port: number, onLost: (error: Error) => void): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, onLost));
      });
      socket.once('error', reject);
    });
  }

  send(bytes: Buffer, onAnswer: (answer: Answer) => void): void {
    this.waiting = onAnswer;
    this.socket.write(bytes);
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(piece: Buffer): void {
    this.pieces.push(piece);
    this.gathered += piece.length;
    if (this.expected < 0) this.readHead();
    if (this.expected >= 0 && this.gathered >= this.expected) this.finish();
  }

  private readHead(): void {
    if (this.pieces.length > 1) this.pieces = [Buffer.concat(this.pieces)];
    const head = this.pieces[0]!;
    const end = head.indexOf(HEADER_END);
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head.toString('latin1', 0, end))?.[1];
    if (length === undefined) return this.onLost(new Error('An answer came without a Content-Length.'));
    this.bodyAt = end + HEADER_END.length;
    this.expected = this.bodyAt + Number(length);
  }

  private finish(): void {
    const bytes = this.pieces.length > 1 ? Buffer.concat(this.pieces) : this.pieces[0]!;
    const answer = {
      status: Number(bytes.toString('latin1', 9, 12)),
      body: bytes.toString('utf8', this.bodyAt, Math.min(bytes.length, this.bodyAt + BODY_START_KEPT)),
    };
    this.pieces = [];
    this.gathered = 0;
    this.expected = -1;
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.(answer);
  }
}
