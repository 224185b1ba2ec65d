import fc from 'fast-check';
import { CATALOGUE } from '../catalogue/catalogue';
import {
  OCCURRED_AT_FUTURE_TOLERANCE_MS,
  PROPERTIES_MAX,
  PROPERTY_CHARACTERS_MAX,
  PROPERTY_DEPTH_MAX,
  PROPERTY_STRING_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from './touchpoint-limits';
import { validateTouchpoint } from './touchpoint-validation';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const sent = {
  touchpointId: 't-1',
  customerId: 'c-1',
  type: 'purchase.completed',
  occurredAt: '2026-03-04T10:11:12.345+01:00',
};
const check = (changes: { [field: string]: unknown }): unknown => {
  const result = validateTouchpoint({ ...sent, ...changes }, NOW);
  return result.ok ? result.touchpoint : result.error;
};

describe('validateTouchpoint: what is taken', () => {
  it('fills in the defaults: the catalogue’s where it knows the type', () => {
    expect(validateTouchpoint(sent, NOW)).toEqual({
      ok: true,
      derivedId: false,
      touchpoint: {
        touchpointId: 't-1',
        customerId: 'c-1',
        type: 'purchase.completed',
        channel: 'unknown',
        direction: 'inbound',
        occurredAt: Date.parse('2026-03-04T09:11:12.345Z'),
        source: 'api',
        properties: {},
        history: false,
      },
    });
    expect(check({ type: 'email.sent' })).toMatchObject({ channel: 'email', direction: 'outbound' });
    expect(check({ type: 'profile.updated' })).toMatchObject({ direction: 'outbound' });
    expect(check({ type: 'garden.gate.opened' })).toMatchObject({ channel: 'unknown', direction: 'inbound' });
  });

  it('keeps what was sent as it was sent', () => {
    const full = {
      channel: 'store',
      direction: 'outbound',
      source: 'till 4',
      properties: { value: 12.5, anything: { deep: [1, 'two', null, true] }, Größe: 'ß' },
      text: 'line one\nline two 👍',
      actor: 'Ann',
      history: true,
    };
    expect(check(full)).toEqual({ ...sent, ...full, occurredAt: Date.parse(sent.occurredAt) });
  });

  it('takes a moment slightly ahead, and not one beyond the tolerance', () => {
    const at = (ms: number): unknown => check({ occurredAt: new Date(NOW + ms).toISOString() });
    expect(at(OCCURRED_AT_FUTURE_TOLERANCE_MS)).toMatchObject({ occurredAt: NOW + OCCURRED_AT_FUTURE_TOLERANCE_MS });
    expect(at(OCCURRED_AT_FUTURE_TOLERANCE_MS + 1)).toMatchObject({ code: 'inFuture', pointer: '/occurredAt' });
  });

  it.each(['action.delivered', 'action.in-doubt', 'action.anything'])(
    'refuses %s, which Rapport alone writes',
    (type) => {
      const sent = { customerId: 'c-1', type, occurredAt: '2026-03-04T10:11:12Z' };
      expect(validateTouchpoint(sent, NOW)).toMatchObject({
        ok: false,
        error: { code: 'notAllowed', pointer: '/type' },
      });
      expect(validateTouchpoint({ ...sent, type: `my-${type}` }, NOW)).toMatchObject({ ok: true });
    },
  );

  it('takes the longest text and refuses one character more', () => {
    expect(check({ text: 'x'.repeat(TEXT_LENGTH_MAX) })).toHaveProperty('text');
    expect(check({ text: 'x'.repeat(TEXT_LENGTH_MAX + 1) })).toMatchObject({ code: 'tooLong', pointer: '/text' });
  });
});

describe('validateTouchpoint: derived ids', () => {
  const idOf = (changes: { [field: string]: unknown }): string => {
    const result = validateTouchpoint({ ...sent, touchpointId: undefined, ...changes }, NOW);
    if (!result.ok) throw new Error(result.error.detail);
    expect(result.derivedId).toBe(true);
    return result.touchpoint.touchpointId;
  };

  it('depend on the content alone, not on how it is written', () => {
    const id = idOf({ properties: { a: 1, b: { x: 1, y: 2 } } });
    expect(id).toMatch(/^c-[0-9a-f]{32}$/);
    expect(idOf({ properties: { b: { y: 2, x: 1 }, a: 1 } })).toBe(id);
    expect(idOf({ properties: { a: 1, b: { x: 1, y: 2 } }, occurredAt: '2026-03-04T09:11:12.345Z' })).toBe(id);
    expect(idOf({ properties: { a: 1, b: { x: 1, y: 2 } }, history: true })).toBe(id);
    expect(idOf({ properties: { a: 1, b: { x: 1, y: 2 } }, channel: 'unknown', source: 'api' })).toBe(id);
  });

  it('differ where anything that counts differs', () => {
    const changes = [
      {},
      { customerId: 'c-2' },
      { type: 'purchase.returned' },
      { channel: 'web' },
      { direction: 'outbound' },
      { occurredAt: '2026-03-04T10:11:12.346+01:00' },
      { source: 'till' },
      { properties: { value: 1 } },
      { text: 'x' },
      { actor: 'x' },
    ];
    expect(new Set(changes.map(idOf)).size).toBe(changes.length);
  });

  it('are the same for ever', () => {
    expect(idOf({ properties: { value: 12.5, currency: 'EUR' } })).toBe('c-9e2b4bcb12a6b5bc178c2260de0a1545');
  });
});

describe('validateTouchpoint: what is refused', () => {
  it.each([[null], [undefined], [[]], ['text'], [7], [true]])('%p, which is no object', (value) => {
    expect(validateTouchpoint(value, NOW)).toMatchObject({ ok: false, error: { code: 'notAnObject', pointer: '' } });
  });

  it.each([
    ['customerId', undefined, 'missing', 'is required'],
    ['customerId', null, 'wrongType', 'null'],
    ['customerId', 7, 'wrongType', 'in quotes'],
    ['customerId', '', 'badId', 'is empty'],
    ['customerId', 'null', 'badId', 'is no id'],
    ['customerId', 'UNDEFINED', 'badId', 'is no id'],
    ['customerId', '[object Object]', 'badId', 'is no id'],
    ['customerId', 'NaN', 'badId', 'is no id'],
    ['customerId', ' c-1', 'badId', 'spaces'],
    ['customerId', 'c\n1', 'badText', 'control character'],
    ['customerId', 'c\u00001', 'badText', 'control character'],
    ['customerId', 'c-\ud800', 'badText', 'surrogate'],
    ['customerId', 'x'.repeat(129), 'tooLong', '128'],
    ['touchpointId', 'undefined', 'badId', 'is no id'],
    ['touchpointId', {}, 'wrongType', 'an object'],
    ['type', undefined, 'missing', 'is required'],
    ['type', 'purchase', 'badName', 'no dot'],
    ['type', 'Purchase.Completed', 'badName', '"purchase.completed"'],
    ['type', 'a..b', 'badName', 'dots'],
    ['type', 'a.b.', 'badName', 'dots'],
    ['type', `a.${'b'.repeat(99)}`, 'tooLong', '100'],
    ['occurredAt', undefined, 'missing', '2026-03-04T10:11:12Z'],
    ['occurredAt', 1_700_000_000_000, 'wrongType', 'a string'],
    ['occurredAt', '2026-03-04T10:11:12', 'badDate', 'no zone'],
    ['occurredAt', '2026-02-30T10:11:12Z', 'badDate', 'no moment'],
    ['occurredAt', '1899-12-31T23:59:59Z', 'badDate', '1900 to 2200'],
    ['occurredAt', '2201-01-01T00:00:00Z', 'badDate', '1900 to 2200'],
    ['occurredAt', '2200-12-31T00:00:00Z', 'inFuture', 'in the future'],
    ['channel', 'In Store', 'badName', '"in-store"'],
    ['channel', null, 'wrongType', 'null'],
    ['direction', 'in', 'notAllowed', 'inbound'],
    ['direction', 'outbund', 'notAllowed', 'Did you mean "outbound"?'],
    ['direction', 1, 'wrongType', '"inbound" or "outbound"'],
    ['source', '', 'badId', 'is empty'],
    ['actor', 'a\u0007', 'badText', 'control character'],
    ['history', 'true', 'wrongType', 'true or false'],
    ['history', null, 'wrongType', 'true or false'],
    ['text', 7, 'wrongType', 'a string'],
    ['text', 'a\0b', 'badText', 'NUL'],
    ['text', '\udc00', 'badText', 'surrogate'],
    ['properties', [], 'wrongType', 'an object'],
    ['properties', null, 'wrongType', 'an object'],
    ['ocurredAt', 'x', 'unknownField', 'Did you mean "occurredAt"?'],
    ['customer_id', 'x', 'unknownField', 'Did you mean "customerId"?'],
    ['value', 1, 'unknownField', 'belongs in "properties"'],
    ['', 1, 'unknownField', 'belongs in "properties"'],
  ])('%s = %p: %s', (field, value, code, detail) => {
    expect(check({ [field]: value })).toMatchObject({
      code,
      pointer: `/${field}`,
      detail: expect.stringContaining(detail) as string,
    });
  });

  it('an own __proto__, which JSON.parse makes', () => {
    const text = JSON.stringify(sent).replace('{', '{"__proto__":{"x":1},');
    expect(validateTouchpoint(JSON.parse(text), NOW)).toMatchObject({
      error: { code: 'unknownField', pointer: '/__proto__' },
    });
    const inside = JSON.stringify({ ...sent, properties: { a: 1 } }).replace('"a"', '"__proto__"');
    expect(validateTouchpoint(JSON.parse(inside), NOW)).toMatchObject({
      error: { code: 'badName', pointer: '/properties' },
    });
  });
});

describe('validateTouchpoint: properties', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { x: deep(levels - 1) });
  const many = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]));

  it.each([
    ['purchase.completed', { value: '12.50' }, 'wrongType', '/properties/value', 'without quotes'],
    ['purchase.completed', { value: -1 }, 'outOfRange', '/properties/value', '0 to'],
    ['purchase.completed', { orderId: 7 }, 'wrongType', '/properties/orderId', 'in quotes'],
    ['review.posted', {}, 'missing', '/properties/rating', 'needs it'],
    ['review.posted', undefined, 'missing', '/properties/rating', 'needs it'],
    ['review.posted', { rating: 6 }, 'outOfRange', '/properties/rating', '0 to 5'],
    ['profile.updated', { mail: 'a@b.c' }, 'unknownField', '/properties/mail', 'Did you mean "email"?'],
    ['profile.updated', { kind: 'persona' }, 'notAllowed', '/properties/kind', 'Did you mean "person"?'],
    ['profile.updated', { tags: 'vip' }, 'wrongType', '/properties/tags', 'a list of strings'],
    ['profile.updated', { tags: ['vip', 1] }, 'wrongType', '/properties/tags', 'a list of strings'],
    ['consent.given', { purpose: 'news' }, 'missing', '/properties/channel', 'needs it'],
    ['x.y', { a: Infinity }, 'outOfRange', '/properties/a', 'in quotes'],
    ['x.y', { a: 2 ** 53 }, 'outOfRange', '/properties/a', 'in quotes'],
    ['x.y', { a: [1, 2 ** 60] }, 'outOfRange', '/properties/a/1', 'in quotes'],
    ['x.y', { a: 'x'.repeat(PROPERTY_STRING_LENGTH_MAX + 1) }, 'tooLong', '/properties/a', 'shorten'],
    ['x.y', { 'a/~b': '\ud800' }, 'badText', '/properties/a~1~0b', 'surrogate'],
    ['x.y', { '': 1 }, 'badName', '/properties', 'without a name'],
    ['x.y', { $where: 1 }, 'badName', '/properties', 'not safe'],
    ['x.y', { constructor: 1 }, 'badName', '/properties', 'not safe'],
    ['x.y', { a: { constructor: 1 } }, 'badName', '/properties/a', 'not safe'],
    ['x.y', { 'a\tb': 1 }, 'badName', '/properties', 'control character'],
    ['x.y', { ['k'.repeat(65)]: 1 }, 'tooLong', '/properties', 'at most 64'],
    ['x.y', { a: undefined }, 'wrongType', '/properties/a', 'a JSON value'],
    ['x.y', { a: () => 1 }, 'wrongType', '/properties/a', 'a JSON value'],
    ['x.y', many(PROPERTIES_MAX + 1), 'tooMany', '/properties', 'fewer'],
    ['x.y', { a: Array.from({ length: 300 }, () => 1) }, 'tooMany', '/properties', 'in all'],
    [
      'x.y',
      { a: Array.from({ length: 10 }, () => 'x'.repeat(PROPERTY_CHARACTERS_MAX / 9)) },
      'tooMany',
      '/properties',
      'in all',
    ],
    ['x.y', deep(PROPERTY_DEPTH_MAX + 1), 'tooDeep', `/properties${'/x'.repeat(PROPERTY_DEPTH_MAX)}`, 'flatten'],
  ])('%s %j: %s at %s', (type, properties, code, pointer, detail) => {
    expect(check({ type, properties })).toMatchObject({
      code,
      pointer,
      detail: expect.stringContaining(detail) as string,
    });
  });

  it('takes as many, as deep and as long as the bounds say', () => {
    expect(check({ type: 'x.y', properties: many(PROPERTIES_MAX) })).toHaveProperty('properties');
    expect(check({ type: 'x.y', properties: deep(PROPERTY_DEPTH_MAX) })).toHaveProperty('properties');
    expect(check({ properties: { value: 0, note: 'x'.repeat(PROPERTY_STRING_LENGTH_MAX) } })).toHaveProperty(
      'properties',
    );
  });

  it('takes null for a trait, which clears it, and for nothing else that is described', () => {
    expect(check({ type: 'profile.updated', properties: { email: null } })).toHaveProperty('properties');
    expect(check({ properties: { value: null } })).toMatchObject({ code: 'wrongType' });
  });
});

describe('validateTouchpoint: laws', () => {
  it('never throws, whatever JSON comes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom(...CATALOGUE.types(), 'x.y', 7),
        (value, other, type) => {
          expect(validateTouchpoint(value, NOW).ok).toBe(false);
          const item = { ...sent, type, properties: value, text: other };
          const result = validateTouchpoint(JSON.parse(JSON.stringify(item)), NOW);
          if (!result.ok)
            expect(result.error).toMatchObject({
              pointer: expect.stringMatching(/^\//) as string,
              detail: expect.any(String) as string,
            });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('answers for one field wrong with a pointer to that field', () => {
    const fields = fc.constantFrom(
      'customerId',
      'touchpointId',
      'type',
      'occurredAt',
      'channel',
      'source',
      'actor',
      'text',
    );
    fc.assert(
      fc.property(fields, fc.oneof(fc.integer(), fc.array(fc.nat()), fc.boolean()), (field, value) => {
        expect(check({ [field]: value })).toMatchObject({ pointer: `/${field}`, code: 'wrongType' });
      }),
    );
  });
});
