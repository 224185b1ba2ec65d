import fc from 'fast-check';
import type { FoldedTouchpoint, JsonValue, Touchpoint } from '../../touchpoint';
import { CATALOGUE, PERSONAL_PROPERTIES } from '../catalogue/catalogue';
import { contentKey, sameContent } from './touchpoint-content';
import { decodeTouchpoint, encodeTouchpoint, joinPersonal, parsePersonal } from './touchpoint-codec';
import { validateTouchpoint } from './touchpoint-validation';

const NOW = Date.parse('2026-06-01T00:00:00Z');

/** Any touchpoint that validation takes. */
const touchpoints: fc.Arbitrary<Touchpoint> = fc
  .record(
    {
      touchpointId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      customerId: fc.string({ minLength: 1, maxLength: 12 }),
      type: fc.constantFrom('purchase.completed', 'x.y', 'email.sent', 'app.opened'),
      occurredAt: fc
        .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date(NOW), noInvalidDate: true })
        .map((date) => date.toISOString()),
      channel: fc.constantFrom('web', 'e-mail'),
      direction: fc.constantFrom('inbound', 'outbound'),
      source: fc.string({ minLength: 1, maxLength: 12 }),
      actor: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      text: fc.string({ unit: 'grapheme', maxLength: 60 }),
      history: fc.boolean(),
      properties: fc.dictionary(
        fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('email', 'comment', 'sku')),
        fc.jsonValue({ maxDepth: 2 }),
        { maxKeys: 6 },
      ),
    },
    { requiredKeys: ['touchpointId', 'customerId', 'type', 'occurredAt'] },
  )
  .map((item) => validateTouchpoint(JSON.parse(JSON.stringify(item)), NOW))
  .filter((result) => result.ok)
  .map(({ touchpoint }) => touchpoint);

const seen = (touchpoint: Touchpoint): Omit<Touchpoint, 'customerId'> => {
  const { customerId, ...rest } = JSON.parse(JSON.stringify(touchpoint)) as Touchpoint;
  expect(customerId).toBe(touchpoint.customerId);
  return rest;
};

describe('the touchpoint codec', () => {
  it('gives back what went in, both parts joined', () => {
    fc.assert(
      fc.property(touchpoints, (touchpoint) => {
        const { data, personal } = encodeTouchpoint(touchpoint);
        const folded = decodeTouchpoint(data, touchpoint.occurredAt);
        expect(JSON.parse(JSON.stringify(joinPersonal(folded, personal)))).toEqual(seen(touchpoint));
      }),
      { numRuns: 2_000 },
    );
  });

  it('writes data as the event format says', () => {
    fc.assert(
      fc.property(touchpoints, (touchpoint) => {
        const { data, personal } = encodeTouchpoint(touchpoint);
        const stored = JSON.parse(data) as { [name: string]: JsonValue };
        const names = ['touchpointId', 'type', 'channel', 'direction', 'source', 'properties'];
        if (touchpoint.actor !== undefined) names.push('actor');
        if (touchpoint.history) names.push('history');
        expect(Object.keys(stored)).toEqual(names);
        if (personal !== undefined)
          expect(['text', 'properties']).toEqual(expect.arrayContaining(Object.keys(parsePersonal(personal))));
      }),
    );
  });

  it('keeps every personal property and all text out of data', () => {
    const secret = 'Xq9-secret';
    const properties = Object.fromEntries([...PERSONAL_PROPERTIES].map((name) => [name, secret]));
    for (const type of [...CATALOGUE.types(), 'x.y']) {
      const entry = CATALOGUE.entry(type);
      const own = Object.keys(entry?.properties ?? {}).filter((name) => CATALOGUE.isPersonal(name, type));
      const touchpoint: Touchpoint = {
        ...{
          touchpointId: 't',
          customerId: 'c',
          type,
          channel: 'web',
          direction: 'inbound',
          occurredAt: 0,
          source: 'api',
        },
        properties: { ...properties, ...Object.fromEntries(own.map((name) => [name, secret])), value: 1 },
        text: secret,
        history: false,
      };
      const { data, personal } = encodeTouchpoint(touchpoint);
      expect(data).not.toContain(secret);
      expect(JSON.parse(data)).toMatchObject({ properties: { value: 1 } });
      expect(parsePersonal(personal)).toMatchObject({ text: secret, properties });
    }
  });

  it('has no personal part where nothing is personal', () => {
    const result = validateTouchpoint({ customerId: 'c', type: 'x.y', occurredAt: '2026-01-01T00:00:00Z' }, NOW);
    expect(result.ok && encodeTouchpoint(result.touchpoint).personal).toBeUndefined();
  });

  it.each(['null', '7', '[]', '{}', '{"touchpointId":"t"}', 'no json'])('throws on %s', (data) => {
    expect(() => decodeTouchpoint(data, 0)).toThrow();
  });
});

describe('content', () => {
  const folded = (changes: Partial<FoldedTouchpoint> = {}): FoldedTouchpoint => ({
    ...{ touchpointId: 't', type: 'x.y', channel: 'web', direction: 'inbound', occurredAt: 1, source: 'api' },
    properties: { a: 1, b: 2 },
    history: false,
    ...changes,
  });

  it('is the same whatever the order of names, the id and the history flag', () => {
    const other = folded({ touchpointId: 'u', history: true, properties: { b: 2, a: 1 }, actor: undefined });
    expect(sameContent(folded(), '{"text":"x","properties":{"p":1}}', other, '{"properties":{"p":1},"text":"x"}')).toBe(
      true,
    );
    expect(sameContent(folded(), '', other, '{}')).toBe(true);
  });

  it('differs where the engine part or the personal part differs', () => {
    const changes: Partial<FoldedTouchpoint>[] = [
      ...[
        { type: 'x.z' },
        { channel: 'app' },
        { direction: 'outbound' as const },
        { occurredAt: 2 },
        { source: 'till' },
      ],
      ...[{ actor: 'ann' }, { properties: { a: 1 } }, { properties: { a: 1, b: 2, c: null } }],
    ];
    const keys = [folded(), ...changes.map(folded)].map((one) => contentKey(one, ''));
    keys.push(contentKey(folded(), '{"text":"x"}'), contentKey(folded(), '{"text":"y"}'));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same for two encodings of the same touchpoint', () => {
    fc.assert(
      fc.property(touchpoints, (touchpoint) => {
        const a = encodeTouchpoint(touchpoint);
        const names = Object.keys(touchpoint.properties).reverse();
        const turned = Object.fromEntries(names.map((name) => [name, touchpoint.properties[name] as JsonValue]));
        const b = encodeTouchpoint({ ...touchpoint, properties: turned, history: !touchpoint.history });
        const key = (parts: { data: string; personal: string | undefined }): string =>
          contentKey(decodeTouchpoint(parts.data, touchpoint.occurredAt), parts.personal ?? '');
        expect(key(a)).toBe(key(b));
      }),
    );
  });
});
