/**
 * Addresses that nobody may be written to at, whoever they belong to: keyed hashes in the stream `suppressions`, which only the
 * dispatcher writes. A decision knows nothing of other customers, so this is checked where it acts (decisions/0015).
 */
import { createHmac } from 'node:crypto';
import { type AppendRequest, type Chunk, EventCursor, pack } from '@rapport/event-store';
import { actionEventId } from './action-event';
import type { SuppressedBecause } from './permission-news';

export const SUPPRESSIONS_STREAM = 'suppressions';
export const SUPPRESSION_EVENT = { suppressed: 'AddressSuppressed', released: 'AddressReleased' } as const;
const HASH_HEX_DIGITS = 32;

export interface AddressSuppressed {
  channel: string;
  /** Keyed hash: the address itself stands in no event. */
  address: string;
  because: SuppressedBecause;
}

export class SuppressedAddresses {
  private readonly known = new Map<string, SuppressedBecause>();

  /** @param key of the store: the same address has another hash elsewhere. */
  constructor(private readonly key: Uint8Array) {}

  fold(chunk: Chunk): void {
    if (chunk.stream !== SUPPRESSIONS_STREAM) return;
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next()) {
      const { channel, address, because } = JSON.parse(cursor.data) as AddressSuppressed;
      if (cursor.type === SUPPRESSION_EVENT.suppressed) this.known.set(`${channel}|${address}`, because);
      if (cursor.type === SUPPRESSION_EVENT.released) this.known.delete(`${channel}|${address}`);
    }
  }

  has(channel: string, address: string): boolean {
    return this.known.has(`${channel}|${this.hash(address)}`);
  }

  /** Suppressed from now on; what to append, or null where it was already. */
  suppress(channel: string, address: string, because: SuppressedBecause, now: number): AppendRequest | null {
    const hashed = this.hash(address);
    const known = this.known.get(`${channel}|${hashed}`);
    // An unsubscription may be taken back by a consent; a bounce may not: the graver one stays.
    if (known === because || (known !== undefined && because === 'unsubscribed')) return null;
    this.known.set(`${channel}|${hashed}`, because);
    return request(SUPPRESSION_EVENT.suppressed, { channel, address: hashed, because }, now);
  }

  /** Its owner has consented again: takes back an unsubscription, nothing else. */
  release(channel: string, address: string, now: number): AppendRequest | null {
    const hashed = this.hash(address);
    if (this.known.get(`${channel}|${hashed}`) !== 'unsubscribed') return null;
    this.known.delete(`${channel}|${hashed}`);
    return request(SUPPRESSION_EVENT.released, { channel, address: hashed, because: 'unsubscribed' }, now);
  }

  private hash(address: string): string {
    const normal = address.trim().toLowerCase();
    return createHmac('sha256', this.key).update(normal).digest('hex').slice(0, HASH_HEX_DIGITS);
  }
}

function request(type: string, data: AddressSuppressed, now: number): AppendRequest {
  const text = JSON.stringify(data);
  const id = actionEventId(`${type}|${now}|${text}`);
  const event = { id, type, schemaVersion: 1, occurredAt: now, data: Buffer.from(text) };
  return { stream: SUPPRESSIONS_STREAM, expected: 'any', events: pack([event]) };
}
