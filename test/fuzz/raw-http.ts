/** HTTP as bytes on a socket: what no client library would send. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

export interface SendOptions {
  /** Close our side after the last byte and go on reading. */
  halfClose?: boolean;
  /** Give up reading after this long without a byte. */
  quietMs?: number;
}

const QUIET_MS = 4_000;

/** Sends the parts one after the other; resolves with everything that came back until the server closed or fell silent. */
export function exchange(url: string, parts: (string | Buffer)[], options: SendOptions = {}): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.setTimeout(options.quietMs ?? QUIET_MS, () => socket.destroy());
    socket.on('data', (bytes) => pieces.push(bytes));
    socket.on('end', () => socket.end());
    // A server may reset a connection whose rest it does not want to read.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Buffer.concat(pieces)));
    void sendAll(socket, parts).then(() => (options.halfClose === true ? socket.end() : undefined));
  });
}

async function sendAll(socket: Socket, parts: (string | Buffer)[]): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const part of parts) {
    if (socket.destroyed) return;
    await Promise.race([closed, new Promise<void>((resolve) => socket.write(part, () => resolve()))]);
  }
}

/** The answers in a run of bytes; throws where they are no HTTP. Only bodies with a length are understood. */
export function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) throw new Error(`The answer breaks off in its head: ${bytes.toString('latin1', at, at + 200)}`);
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1];
    if (status === undefined) throw new Error(`This is no answer: ${first}`);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const start = end + 4;
    answers.push({ status: Number(status), headers, body: bytes.toString('utf8', start, start + length) });
    at = start + length;
  }
  return answers;
}

/** Ends a connection in the middle, without a farewell. */
export function sendAndReset(url: string, bytes: string | Buffer): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => {
        socket.resetAndDestroy();
      });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}
