import fc from 'fast-check';
import type { FoldedTouchpoint, Properties } from '../../touchpoint';
import {
  decodeProfile,
  emptyProfile,
  encodeProfile,
  foldProfile,
  PROFILE_CONSENTS_MAX,
  profileView,
  type ProfileState,
} from './profile';

interface Said {
  folded: FoldedTouchpoint;
  personal: string | undefined;
}

let ids = 0;
const said = (type: string, occurredAt: number, properties: Properties, personal?: Properties, id?: string): Said => ({
  folded: {
    ...{ touchpointId: id ?? `t-${ids++}`, type, channel: 'web', direction: 'inbound', occurredAt, source: 'api' },
    properties,
    history: false,
  },
  personal: personal && JSON.stringify({ properties: personal }),
});
const fold = (all: readonly Said[], state: ProfileState = emptyProfile()): ProfileState => {
  for (const { folded, personal } of all) foldProfile(state, folded, personal);
  return state;
};

const values = fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', 'c'));
const updates: fc.Arbitrary<Said> = fc
  .record({
    at: fc.integer({ min: 0, max: 4 }),
    clear: fc.dictionary(fc.constantFrom('locale', 'timeZone'), values),
    apart: fc.dictionary(fc.constantFrom('email', 'name'), values),
  })
  .map(({ at, clear, apart }) => said('profile.updated', at, clear, apart));
const consents: fc.Arbitrary<Said> = fc
  .record({
    at: fc.integer({ min: 0, max: 4 }),
    type: fc.constantFrom('consent.given', 'consent.withdrawn'),
    purpose: fc.integer({ min: 0, max: 99 }).map(String),
  })
  .map(({ at, type, purpose }) => said(type, at, { purpose, channel: 'email' }));

describe('the profile', () => {
  it('takes each trait by its newest value, personal ones apart', () => {
    const state = fold([
      said('profile.updated', 2, { kind: 'partner', tags: ['vip'] }, { email: 'new@x.y' }),
      said('profile.updated', 1, { kind: 'employee', locale: 'de' }, { email: 'old@x.y', name: 'Ann' }),
      said('consent.withdrawn', 5, { purpose: 'news', channel: 'email' }),
      said('consent.given', 4, { purpose: 'news', channel: 'email' }),
      said('consent.given', 1, { purpose: 'news', channel: 'phone' }),
    ]);
    expect(profileView(state)).toEqual({
      kind: 'partner',
      traits: { kind: 'partner', locale: 'de', tags: ['vip'] },
      personal: { email: 'new@x.y', name: 'Ann' },
      consents: [
        { purpose: 'news', channel: 'email', given: false, at: 5 },
        { purpose: 'news', channel: 'phone', given: true, at: 1 },
      ],
    });
    expect(encodeProfile(state).traits).not.toContain('x.y');
  });

  it('is a person until told otherwise, and again once that is cleared', () => {
    const state = fold([said('profile.updated', 1, { kind: 'employee' }), said('profile.updated', 2, { kind: null })]);
    expect(profileView(emptyProfile()).kind).toBe('person');
    expect(profileView(state)).toMatchObject({ kind: 'person', traits: {} });
  });

  it('breaks ties by the touchpoint id', () => {
    const state = fold([
      said('profile.updated', 1, { locale: 'z' }, undefined, 'b'),
      said('profile.updated', 1, { locale: 'a' }, undefined, 'a'),
    ]);
    expect(profileView(state).traits['locale']).toBe('z');
  });

  it('says whether anything changed; a repeat and other types change nothing', () => {
    const state = emptyProfile();
    const { folded } = said('profile.updated', 1, { locale: 'de' });
    expect(foldProfile(state, folded, undefined)).toBe(true);
    expect(foldProfile(state, folded, undefined)).toBe(false);
    expect(foldProfile(state, said('purchase.completed', 9, { locale: 'fr' }).folded, undefined)).toBe(false);
    expect(foldProfile(state, said('consent.given', 9, { purpose: 7, channel: 'x' }).folded, undefined)).toBe(false);
  });

  it('does not depend on the order of arrival, also beyond the bound of consents', () => {
    const many = fc.array(fc.oneof(updates, consents, consents, consents), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(many, fc.infiniteStream(fc.nat()), fc.nat(), (all, keys, cut) => {
        const order = new Map(all.map((one) => [one, keys.next().value ?? 0]));
        const shuffled = [...all].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
        const first = encodeProfile(fold(all));
        // Half way through storage, and everything twice.
        const half = encodeProfile(fold(shuffled.slice(0, cut % all.length)));
        const second = fold([...shuffled, ...shuffled], decodeProfile(half.traits, half.personal));
        expect(encodeProfile(second)).toEqual(first);
        expect(second.consents.size).toBeLessThanOrEqual(PROFILE_CONSENTS_MAX);
      }),
      { numRuns: 200 },
    );
  });

  it('round-trips through its texts, and through an erased personal part', () => {
    const state = fold([said('profile.updated', 1, { tags: ['a', 'b'] }, { phone: '1' })]);
    const { traits, personal } = encodeProfile(state);
    expect(decodeProfile(traits, personal)).toEqual(state);
    expect(profileView(decodeProfile(traits, ''))).toMatchObject({ personal: {}, traits: { tags: ['a', 'b'] } });
    expect(decodeProfile('', '')).toEqual(emptyProfile());
  });
});
