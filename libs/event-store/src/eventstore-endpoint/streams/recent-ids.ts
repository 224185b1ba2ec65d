/**
 * The event ids that were stored last, in memory only: what makes an append at "any" idempotent for a while. Of the same size, and as forgetful, as
 * real servers were seen to be: bytes are counted their way, and nothing is known after a restart.
 */
const WINDOW_BYTES = 8 * 1024 * 1024;
const RECORD_BYTES = 28;

export interface KnownEvent {
  stream: string;
  revision: number;
  position: number;
}

export class RecentIds {
  private readonly known = new Map<string, KnownEvent>();
  private bytes = 0;

  constructor(private readonly windowBytes = WINDOW_BYTES) {}

  add(id: Uint8Array, event: KnownEvent): void {
    const key = keyOf(id);
    this.forget(key);
    this.known.set(key, event);
    this.bytes += cost(event);
    for (const oldest of this.known.keys()) {
      if (this.bytes <= this.windowBytes) return;
      this.forget(oldest);
    }
  }

  /** What is known of this id in this stream. */
  find(stream: string, id: Uint8Array): KnownEvent | undefined {
    const found = this.known.get(keyOf(id));
    return found?.stream === stream ? found : undefined;
  }

  private forget(key: string): void {
    const event = this.known.get(key);
    if (event === undefined) return;
    this.bytes -= cost(event);
    this.known.delete(key);
  }
}

export function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1');
}

function cost(event: KnownEvent): number {
  return RECORD_BYTES + 2 * event.stream.length;
}
