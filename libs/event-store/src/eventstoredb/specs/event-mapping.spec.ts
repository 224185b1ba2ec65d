import { randomBytes } from 'node:crypto';

import type { RecordedEvent } from '@eventstore/db-client';
import fc from 'fast-check';

import { comparable, event } from '../../contract/contract-events';
import { pack } from '../../event-packer';
import type { NewEvent } from '../../event-store';
import { clientEvent, inCalls, type ServerEvent, serverEvents, storedEvent } from '../event-mapping';
import { APPEND_BYTES_MAX } from '../limits';

const RUNS = 300;

/** What a server gives back for it: the client reads JSON into values, and metadata always. */
function recorded(sent: NewEvent): RecordedEvent {
  const [made] = serverEvents({ stream: 's', events: pack([sent]) }) as [ServerEvent];
  const { id, type, metadata } = made;
  return {
    ...{ streamId: 's', id, revision: 7n, type, isJson: made.json },
    data: made.json ? (JSON.parse(Buffer.from(made.data).toString()) as unknown) : made.data,
    metadata: JSON.parse(Buffer.from(metadata).toString()) as unknown,
    created: new Date(1_700_000_000_123),
    position: { commit: 99n, prepare: 99n },
  } as RecordedEvent;
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value, null, 1))),
  fc
    .constantFrom('{"a":1.0}', '{"2":0,"1":0}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '{"n":12345678901234567890}')
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
);
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const moments = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, -5.25, 8.64e15 + 2),
);
const events = fc.record(
  {
    id,
    type: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((type) => !type.startsWith('$')),
    schemaVersion: fc.nat(255),
    occurredAt: moments,
    subject: fc.string({ maxLength: 20, unit: 'grapheme' }),
    correlationId: id,
    causationId: id,
    data: bytes,
    personal: bytes,
  },
  { requiredKeys: ['id', 'type', 'schemaVersion', 'occurredAt', 'data'] },
);

describe('events on an EventStoreDB', () => {
  it('come back as they were, byte for byte, whatever is in them', () => {
    fc.assert(
      fc.property(events, (sent) => {
        const back = storedEvent(recorded(sent));
        expect(comparable(back)).toEqual(comparable(sent));
        expect(back).toMatchObject({ stream: 's', revision: 7, position: 99, recordedAt: 1_700_000_000_123 });
      }),
      { numRuns: RUNS },
    );
  });

  it('are JSON for others to read where they can be', () => {
    const sent = event('{"amount":12.5}', { subject: 'c-1', personal: Buffer.from('{"text":"hi"}') });
    expect(recorded(sent)).toMatchObject({
      isJson: true,
      data: { amount: 12.5 },
      metadata: { occurredAt: '2023-11-14T22:13:20.000Z', schemaVersion: 1, subject: 'c-1', personal: { text: 'hi' } },
    });
    expect(recorded(event('{ "amount": 12.5 }')).isJson).toBe(false);
  });

  it('are JSON for the client, whichever way it treats them: bytes as they are, or a value', () => {
    const [made] = serverEvents({ stream: 's', events: pack([event('{"amount":12.5}')]) }) as [ServerEvent];
    for (let tries = 0; tries < 2; tries++) {
      const sent = clientEvent(made);
      expect([sent.contentType, sent.contentType]).toEqual(['application/json', 'application/octet-stream']);
      expect(Object.getPrototypeOf(sent.data)).toBe(Uint8Array.prototype);
      expect(Buffer.from(sent.data as Uint8Array).toString()).toBe('{"amount":12.5}');
      expect(JSON.stringify(sent.data)).toBe('{"amount":12.5}');
    }
  });

  it.each([
    ['an empty type', 's', event('x', { type: '' }), /type "" of an event must not be empty/],
    ['a type of the server', 's', event('x', { type: '$metadata' }), /nor begin with \$/],
    ['a stream without a name', '', event('x'), /name of a stream must not be empty/],
    ['a stream of the server', '$all', event('x'), /nor begin with \$/],
    ['a moment that JSON cannot hold', 's', event('x', { occurredAt: NaN }), /occurredAt is NaN/],
    ['more than one append may be', 's', event('x', { personal: randomBytes(900_000) }), /limit is 1040000/],
  ])('are refused before the client sees them: %s', (_, stream, bad, says) => {
    expect(() => serverEvents({ stream, events: pack([event('fine'), bad]) })).toThrow(says);
  });

  it('of others are read as far as they go, and no nonsense in them stops a reader', () => {
    const foreign = (metadata: unknown, data: unknown = {}) =>
      storedEvent({ ...recorded(event('{}')), metadata, data } as RecordedEvent);
    const none = { schemaVersion: 0, occurredAt: 1_700_000_000_123 };
    for (const metadata of [undefined, null, 'text', 7, [], new Uint8Array([1]), { occurredAt: 'never', subject: 5 }])
      expect(foreign(metadata)).toMatchObject(none);
    expect(foreign({ schemaVersion: 256, $correlationId: 'no', personal: undefined })).toMatchObject(none);
    expect(Buffer.from(foreign({}, 'not { json').data).toString()).toBe('not { json');
    expect(Buffer.from(foreign({}, null).data).toString()).toBe('null');
    expect(() => storedEvent({ ...recorded(event('x')), revision: 2n ** 63n - 1n })).toThrow(RangeError);
  });

  it('go in calls that hold as much as one append may, in order', () => {
    const sizes = [400_000, 400_000, 400_000, 990_000, 10, 10];
    const made = serverEvents({ stream: 's', events: pack(sizes.map((size, i) => event(String(i).repeat(size)))) });
    const calls = inCalls(made, 4096);
    expect(calls.map((call) => call.length)).toEqual([2, 1, 3]);
    expect(calls.flat()).toEqual(made);
    for (const call of calls)
      expect(call.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(APPEND_BYTES_MAX);
    expect(inCalls(made, 1)).toHaveLength(sizes.length);
    expect(inCalls([], 1)).toEqual([]);
  });
});
