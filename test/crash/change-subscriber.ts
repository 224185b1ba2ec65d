/** A subscriber that comes back with the last id it saw, however the connection ended. */
import { request, type ClientRequest } from 'node:http';

const COME_BACK_MS = 20;

export class ChangeSubscriber {
  /** Positions of the changes seen, in the order in which they came. */
  readonly seen: number[] = [];
  private call: ClientRequest | undefined;
  private closed = false;
  private lastId: string;
  connections = 0;

  /** @param from the position after which it wants to hear of changes. */
  constructor(
    private readonly port: number,
    from: number,
  ) {
    this.lastId = String(from);
    this.connect();
  }

  close(): void {
    this.closed = true;
    this.call?.destroy();
  }

  private connect(): void {
    if (this.closed) return;
    const headers = { accept: 'text/event-stream', 'last-event-id': this.lastId };
    const again = once(() => setTimeout(() => this.connect(), COME_BACK_MS));
    this.call = request({ host: '127.0.0.1', port: this.port, path: '/v1/stage-changes/stream', headers }, (answer) => {
      if (answer.statusCode === 200) this.connections += 1;
      answer.setEncoding('utf8');
      let rest = '';
      answer.on('data', (piece: string) => {
        const blocks = (rest + piece).split('\n\n');
        rest = blocks.pop() ?? '';
        if (answer.statusCode === 200) blocks.forEach((block) => this.take(block));
      });
      answer.on('error', again);
      answer.on('close', again);
    });
    this.call.on('error', again);
    this.call.end();
  }

  private take(block: string): void {
    const id = /^id: ?(.*)$/m.exec(block)?.[1];
    if (id !== undefined) this.lastId = id;
    const data = /^data: ?(.*)$/m.exec(block)?.[1];
    if (data === undefined) return;
    const change = JSON.parse(data) as { position?: number };
    if (change.position !== undefined) this.seen.push(change.position);
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
