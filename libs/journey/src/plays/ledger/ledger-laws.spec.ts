import fc from 'fast-check';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { Contact, LedgerRules } from '../ledger.types';
import { foldLedger, refoldLedger } from './fold-ledger';
import { emptyLedger } from './ledger-state';
import { outcome, roleOf, RULES, touchpoint } from './ledger.fixture';

const TYPES = [
  'offer.sent',
  'offer.redeemed',
  'offer.declined',
  'survey.sent',
  'survey.answered',
  'email.sent',
  'email.replied',
].concat([
  'gift.sent',
  'thanks.sent',
  'reference.given',
  'review.posted',
  'shipment.delayed',
  'email.bounced',
  'consent.given',
  'web.visited',
]);
const told = fc.record({
  verb: fc.constantFrom('give', 'ask', 'tell', 'task'),
  what: fc.constantFrom('thanks', 'survey', 'offer', 'news'),
  purpose: fc.constantFrom('relationship', 'marketing'),
});
const when = fc.integer({ min: 0, max: 60 });
const others = fc
  .record({ type: fc.constantFrom(...TYPES), at: when, campaignId: fc.constantFrom('', 'a', 'b') })
  .map(({ type, at, campaignId }) => touchpoint(type, at, { campaignId, channel: 'email', rating: at % 6 }));
const outcomes = fc
  .tuple(fc.constantFrom('delivered', 'expired', 'withdrawn'), when, told, fc.constantFrom('email', 'chat', 'task'))
  .map(([result, at, what, channel]) => outcome(result, at, what, channel));
const timelines = fc
  .array(fc.oneof(others, outcomes), { maxLength: 40 })
  .map((all) => all.map((one, i): FoldedTouchpoint => ({ ...one, touchpointId: `${i % 7}-${i}` })));

describe('the ledger', () => {
  it('is the same in every order', () => {
    fc.assert(
      fc.property(timelines, fc.infiniteStream(fc.nat()), (timeline, chance) => {
        const keys = new Map(timeline.map((one) => [one, chance.next().value as number]));
        const shuffled = [...timeline].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        expect(refoldLedger(RULES, shuffled, roleOf)).toEqual(refoldLedger(RULES, timeline, roleOf));
      }),
      { numRuns: 200 },
    );
  });

  it('folded as things come, and again where something comes late, is that of all at once', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        let ledger = emptyLedger();
        timeline.forEach((one, i) => {
          const role = roleOf(one.type);
          if (role !== null && !foldLedger(RULES, ledger, one, role))
            ledger = refoldLedger(RULES, timeline.slice(0, i + 1), roleOf);
        });
        expect(ledger).toEqual(refoldLedger(RULES, timeline, roleOf));
      }),
      { numRuns: 200 },
    );
  });

  it('counts every ask in exactly one way', () => {
    fc.assert(
      fc.property(timelines, (timeline) => {
        const { asked, answered, declined, unanswered, open, kinds } = refoldLedger(RULES, timeline, roleOf);
        expect(asked).toBe(answered + declined + unanswered + open.length);
        expect(kinds.reduce((sum, kind) => sum + kind.asked, 0)).toBe(asked);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps of what was sent as much as caps and limits look at, and no more', () => {
    const all: LedgerRules = { ...RULES, caps: [{ atMost: 1_000, within: 1 }] };
    fc.assert(
      fc.property(timelines, (timeline) => {
        const { contacts } = refoldLedger(RULES, timeline, roleOf);
        const everything = refoldLedger(all, timeline, roleOf).contacts;
        for (const cap of RULES.caps) {
          const counts = (one: Contact): boolean =>
            (cap.channel ?? one.channel) === one.channel &&
            (cap.purpose ?? one.purpose) === one.purpose &&
            one.channel !== 'task';
          const newest = (list: Contact[]) => list.filter(counts).slice(0, cap.atMost);
          expect(newest(contacts)).toEqual(newest(everything));
        }
        const asks = (list: Contact[]) => list.filter((one) => one.ask).slice(0, RULES.asks.atMost);
        expect(asks(contacts)).toEqual(asks(everything));
        expect(contacts.length).toBeLessThanOrEqual(RULES.contactsKept);
      }),
      { numRuns: 200 },
    );
  });

  it('says so, and changes nothing, where something is older than what it holds', () => {
    const ledger = emptyLedger();
    const role = roleOf('gift.sent');
    if (role === null) throw new Error('a gift has a role');
    expect(foldLedger(RULES, ledger, touchpoint('gift.sent', 2), role)).toBe(true);
    const before = structuredClone(ledger);
    expect(foldLedger(RULES, ledger, touchpoint('gift.sent', 1), role)).toBe(false);
    expect(foldLedger(RULES, ledger, { ...touchpoint('gift.sent', 2), touchpointId: 'a' }, role)).toBe(false);
    expect(foldLedger(RULES, ledger, touchpoint('gift.sent', 2), role)).toBe(true);
    expect(ledger).toEqual(before);
  });
});
