import fc from 'fast-check';

import { EventCursor, unpack } from './event-cursor';
import { EventPacker, pack } from './event-packer';
import type { Chunk, NewEvent } from './event-store';
import { checkCount, EventTooLarge, MalformedRecords } from './record-format';

const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const text = fc.string({ unit: 'binary', maxLength: 40 });
const event: fc.Arbitrary<NewEvent> = fc.record(
  {
    id,
    type: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    schemaVersion: fc.integer({ min: 0, max: 255 }),
    occurredAt: fc.oneof(fc.integer(), fc.double({ noNaN: true })),
    subject: text,
    correlationId: id,
    causationId: id,
    data: fc.uint8Array({ maxLength: 300 }),
    personal: fc.uint8Array({ maxLength: 60 }),
  },
  { requiredKeys: ['id', 'type', 'schemaVersion', 'occurredAt', 'data'] },
);

const chunk = (events: NewEvent[]): Chunk => ({
  ...pack(events),
  stream: 's',
  firstPosition: 10,
  firstRevision: 3,
  recordedAt: 5,
});

/** Bytes as plain arrays and lone surrogates as UTF-8 keeps them, so that both sides compare by value. */
function plain(e: NewEvent) {
  const bytes = (b?: Uint8Array) => (b ? [...b] : undefined);
  return {
    id: bytes(e.id),
    type: Buffer.from(e.type).toString(),
    schemaVersion: e.schemaVersion,
    occurredAt: e.occurredAt,
    subject: e.subject === undefined ? undefined : Buffer.from(e.subject).toString(),
    correlationId: bytes(e.correlationId),
    causationId: bytes(e.causationId),
    data: bytes(e.data),
    personal: bytes(e.personal),
  };
}

describe('packed events', () => {
  it('gives back what was packed, in order, with positions and revisions counted on', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const packed = chunk(events);
        const back = unpack(packed);
        expect(back.map(plain)).toEqual(events.map(plain));
        expect(back.map((e) => e.position)).toEqual(events.map((_, i) => 10 + i));
        expect(back.map((e) => e.revision)).toEqual(events.map((_, i) => 3 + i));
        expect(() => checkCount(packed)).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it('has one form only: what is unpacked packs to the same bytes', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const once = chunk(events);
        expect(Buffer.from(pack(unpack(once)).bytes).equals(Buffer.from(once.bytes))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('packs texts to the same bytes as the event made of them', () => {
    fc.assert(
      fc.property(
        id,
        text,
        text,
        fc.option(text, { nil: undefined }),
        fc.option(id, { nil: undefined }),
        (i, s, d, p, c) => {
          const packer = new EventPacker();
          packer.addText('TouchpointRecorded', i, 17.5, s, d, p, c);
          const whole: NewEvent = {
            id: i,
            type: 'TouchpointRecorded',
            schemaVersion: 1,
            occurredAt: 17.5,
            subject: s,
            data: Buffer.from(d),
          };
          if (p !== undefined) whole.personal = Buffer.from(p);
          if (c !== undefined) whole.causationId = c;
          expect(Buffer.from(packer.take().bytes)).toEqual(Buffer.from(pack([whole]).bytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads every field without making an event', () => {
    const packer = new EventPacker();
    packer.addText('A', Buffer.alloc(16, 1), 1, 'käthe', '{"a":1}', '{"t":"ß"}', Buffer.alloc(16, 9));
    packer.addText('B', Buffer.alloc(16, 2), 2, 'bob', '{}');
    const cursor = new EventCursor().resetPacked(packer.take(), 7, 0);
    expect(cursor.next()).toBe(true);
    expect([cursor.type, cursor.subject, cursor.data, cursor.personal, cursor.position, cursor.revision]).toEqual([
      'A',
      'käthe',
      '{"a":1}',
      '{"t":"ß"}',
      7,
      0,
    ]);
    expect(cursor.causationId).toEqual(Buffer.alloc(16, 9));
    expect(cursor.next()).toBe(true);
    expect([cursor.type, cursor.subject, cursor.data, cursor.personal, cursor.causationId, cursor.occurredAt]).toEqual([
      'B',
      'bob',
      '{}',
      undefined,
      undefined,
      2,
    ]);
    expect(cursor.next()).toBe(false);
  });

  it('answers altered or cut bytes with MalformedRecords or with events, and always ends', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.nat(),
        fc.nat(255),
        (events, where, cut, value) => {
          const packed = chunk(events);
          const bytes = Buffer.from(
            packed.bytes.subarray(0, packed.bytes.length - (cut % 3 === 0 ? cut % packed.bytes.length : 0)),
          );
          if (bytes.length > 0) bytes[where % bytes.length] = value;
          try {
            expect(unpack({ ...packed, bytes }).length).toBeLessThanOrEqual(bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedRecords);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses what does not fit, and packs the next event as if it had not been tried', () => {
    const packer = new EventPacker();
    const base = { id: Buffer.alloc(16), type: 'A', schemaVersion: 1, occurredAt: 0, data: Buffer.alloc(0) };
    expect(() => packer.add({ ...base, subject: 'x'.repeat(70_000) })).toThrow(EventTooLarge);
    expect(() => packer.add({ ...base, type: 'x'.repeat(256) })).toThrow(EventTooLarge);
    expect(() => packer.add({ ...base, data: Buffer.alloc(1_000_000) })).toThrow(EventTooLarge);
    expect(() => packer.add({ ...base, id: Buffer.alloc(15) })).toThrow(/16/);
    packer.add(base);
    expect(Buffer.from(packer.take().bytes)).toEqual(Buffer.from(pack([base]).bytes));
  });
});
