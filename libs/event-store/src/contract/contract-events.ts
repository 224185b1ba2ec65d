/** Events to append and ways to compare what comes back, for the parts of the contract. */
import { randomBytes } from 'node:crypto';

import { pack } from '../event-packer';
import type { AppendRequest, EventStore, Expected, NewEvent, StoredEvent } from '../event-store';

/** The store of the running test. */
export interface Context {
  store: () => EventStore;
  reopen: () => Promise<EventStore>;
}

export function event(text: string, parts: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomBytes(16),
    type: 'Tested',
    schemaVersion: 1,
    occurredAt: 1_700_000_000_000,
    data: Buffer.from(text),
    ...parts,
  };
}

export function request(stream: string, expected: Expected, ...texts: string[]): AppendRequest {
  return { stream, expected, events: pack(texts.map((text) => event(text))) };
}

export async function collect(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for await (const one of events) all.push(one);
  return all;
}

export async function texts(events: AsyncIterable<StoredEvent>): Promise<string[]> {
  return (await collect(events)).map((one) => Buffer.from(one.data).toString());
}

export function positions(events: StoredEvent[]): number[] {
  return events.map((one) => one.position);
}

/** The sender's part, bytes as text, so that both sides compare by value. */
export function comparable(e: NewEvent) {
  const hex = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes).toString('hex') : undefined);
  const { type, schemaVersion, occurredAt, subject } = e;
  return {
    type,
    schemaVersion,
    occurredAt,
    subject,
    id: hex(e.id),
    correlation: hex(e.correlationId),
    causation: hex(e.causationId),
    data: hex(e.data),
    personal: hex(e.personal),
  };
}
