/** Which inputs the log's tail says were parked: replay obeys, until it has passed them. */
import type { StoredEvent } from '@rapport/event-store';
import type { InputParked } from '@rapport/journey';

export class ParkedBefore {
  /** By the id of the input, in hex. */
  private readonly parked = new Map<string, InputParked>();

  learn(logged: readonly StoredEvent[]): void {
    for (const event of logged) {
      if (event.type !== 'InputParked' || !event.causationId) continue;
      this.parked.set(hex(event.causationId), JSON.parse(Buffer.from(event.data).toString('utf8')) as InputParked);
    }
  }

  get any(): boolean {
    return this.parked.size > 0;
  }

  take(eventId: Uint8Array): InputParked | null {
    const key = hex(eventId);
    const parked = this.parked.get(key) ?? null;
    if (parked) this.parked.delete(key);
    return parked;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
