import { DAY_MS } from '../../language/duration';
import { emptyProfile, foldProfile } from '../../language/profile/profile';
import { facts, GUARDS_OF_TESTS } from '../guards/guards.fixture';
import { consentSaid, zoneSaid } from '../guards/profile-facts';
import type { GuardFacts } from '../guards.types';
import type { LedgerState } from '../ledger.types';
import type { Play, Step } from '../play';
import { askablesOf } from './askable';
import { ledgerViewOf } from './ledger-view';
import { day, ledgerOf, outcome, touchpoint } from './ledger.fixture';

const GIFT = touchpoint('gift.sent', 0);
const review = { kind: 'review', channel: 'email', purpose: 'relationship' };
const reference = { kind: 'reference', channel: 'task', purpose: 'relationship' };

function at(moment: number, ledger: LedgerState, change: Partial<GuardFacts> = {}): GuardFacts {
  return { ...facts(change), at: moment, ledger: { ledger, pending: [], virtualThanksAt: -Infinity } };
}

const NOON = day(100) + DAY_MS / 2;

describe('the answer rate', () => {
  it('is shrunk towards the prior, and a kind towards the customer', () => {
    const ledger = ledgerOf(
      GIFT,
      ...[1, 20, 40].map((n) => touchpoint('offer.sent', n, { campaignId: `c${n}` })),
      touchpoint('offer.redeemed', 2, { campaignId: 'c1' }),
      touchpoint('offer.redeemed', 41, { campaignId: 'c40' }),
      touchpoint('review.requested', 60),
    );
    const view = ledgerViewOf(GUARDS_OF_TESTS, [review], at(NOON, ledger));
    expect(view).toMatchObject({ asked: 4, answered: 2, declined: 0, unanswered: 2, open: [], given: 1, received: 2 });
    const own = (2 + 4 * 0.15) / (4 + 4);
    expect(view.answerRate).toBeCloseTo(own, 12);
    const rates = Object.fromEntries(view.next.map(({ kind, rate }) => [kind, rate]));
    expect(rates.offer).toBeCloseTo((2 + 4 * own) / (3 + 4), 12);
    expect(rates.review).toBeCloseTo((0 + 4 * own) / (1 + 4), 12);
    expect(view.next.map(({ kind }) => kind)).toEqual(['offer', 'review']);
  });

  it('is the prior where nothing was asked, and an open ask says nothing yet', () => {
    expect(ledgerViewOf(GUARDS_OF_TESTS, [], at(NOON, ledgerOf(GIFT))).answerRate).toBe(0.15);
    const asked = ledgerViewOf(GUARDS_OF_TESTS, [], at(day(1), ledgerOf(GIFT, touchpoint('offer.sent', 1))));
    expect(asked).toMatchObject({ answerRate: 0.15, unanswered: 0, open: [{ kind: 'offer' }] });
    const weightless = { ...GUARDS_OF_TESTS, asks: { ...GUARDS_OF_TESTS.asks, prior: { rate: 0.3, weight: 0 } } };
    expect(ledgerViewOf(weightless, [], at(NOON, ledgerOf(GIFT))).answerRate).toBe(0.3);
  });
});

describe('whom to ask next', () => {
  it('names the first moment at which every guard agrees, and every reason against today', () => {
    const ledger = ledgerOf(
      GIFT,
      touchpoint('store.complaint.made', 90),
      outcome('delivered', 95, { verb: 'ask', what: 'review' }),
    );
    const view = ledgerViewOf(GUARDS_OF_TESTS, [review, reference], at(NOON, ledger));
    // Cooldown ends on day 125, a Wednesday, at midnight: quiet until 8.
    const cooled = day(125) + 1;
    const morning = day(125) + DAY_MS / 3;
    const whyNot = [
      { reason: 'badExperience', until: day(120) + 1 },
      { reason: 'openAsk', until: day(109) + 1 },
      { reason: 'cooldown', until: cooled },
    ];
    expect(view.next).toEqual([
      { kind: 'reference', rate: 0.15, eligibleAt: cooled, whyNot },
      { kind: 'review', rate: 0.15, eligibleAt: morning, whyNot },
    ]);
  });

  it('knows no date where only another touchpoint can tell', () => {
    const owed = ledgerOf(GIFT, touchpoint('reference.given', 2), touchpoint('review.requested', 3));
    const [next] = ledgerViewOf(GUARDS_OF_TESTS, [review], at(NOON, owed)).next;
    expect(next).toMatchObject({ eligibleAt: null, whyNot: [{ reason: 'thanksOwed', until: null }] });
    expect(ledgerViewOf(GUARDS_OF_TESTS, [review], at(NOON, ledgerOf())).next).toMatchObject([
      { whyNot: [{ reason: 'giveFirst' }] },
    ]);
  });

  it('says what both sides owe', () => {
    const ledger = ledgerOf(GIFT, touchpoint('reference.given', 2), touchpoint('reward.granted', 3));
    expect(ledgerViewOf(GUARDS_OF_TESTS, [], at(NOON, ledger))).toMatchObject({
      thanksOwedByBrand: 1,
      thanksOwedByCustomer: 1,
    });
  });

  it('knows what the plays ask for, branches and splits too', () => {
    const act = (path: string, verb: 'ask' | 'give', what: string): Step => ({
      ...{ step: 'act', path, verb, what, by: 'email', staleAfter: 1, sendWithin: 1 },
    });
    const steps: Step[] = [
      act('0', 'give', 'thanks'),
      { step: 'branch', path: '1', arms: [{ then: [act('1.0.0', 'ask', 'review')] }] },
      {
        step: 'split',
        path: '2',
        arms: [{ name: 'a', share: 100, then: [act('2.0.0', 'ask', 'review'), act('2.0.1', 'ask', 'story')] }],
      },
    ];
    const play = { purpose: 'relationship', steps } as unknown as Play;
    expect(askablesOf([play, play])).toEqual([review, { ...review, kind: 'story' }]);
  });
});

describe('what a profile says', () => {
  it('of consent: the newer word, on the channel or on every channel', () => {
    const profile = emptyProfile();
    const say = (type: string, n: number, channel: string) =>
      foldProfile(profile, touchpoint(type, n, { purpose: 'marketing', channel }), undefined);
    const said = () => [consentSaid(profile, 'marketing', 'email'), consentSaid(profile, 'marketing', 'chat')];
    expect(said()).toEqual(['unknown', 'unknown']);
    say('consent.given', 1, 'any');
    expect(said()).toEqual(['given', 'given']);
    say('consent.withdrawn', 2, 'email');
    expect(said()).toEqual(['withdrawn', 'given']);
    say('consent.withdrawn', 3, 'any');
    say('consent.given', 4, 'email');
    expect(said()).toEqual(['given', 'withdrawn']);
    expect(consentSaid(profile, 'relationship', 'email')).toBe('unknown');
  });

  it('of consent to a survey: it is an e-mail, so the newest word on either counts', () => {
    const profile = emptyProfile();
    const say = (type: string, n: number, channel: string) =>
      foldProfile(profile, touchpoint(type, n, { purpose: 'relationship', channel }), undefined);
    const said = () => ['survey', 'email'].map((channel) => consentSaid(profile, 'relationship', channel));
    say('consent.withdrawn', 1, 'email');
    expect(said()).toEqual(['withdrawn', 'withdrawn']);
    say('consent.given', 2, 'survey');
    expect(said()).toEqual(['given', 'withdrawn']);
    say('consent.withdrawn', 3, 'any');
    expect(said()).toEqual(['withdrawn', 'withdrawn']);
  });

  it('of the zone: a name that Intl does not know is none', () => {
    const zone = (timeZone: string) => {
      const profile = emptyProfile();
      foldProfile(profile, touchpoint('profile.updated', 1, { timeZone }), undefined);
      return zoneSaid(profile, 'Europe/Berlin');
    };
    expect([zone('Asia/Kathmandu'), zone('Mars/Olympus'), zoneSaid(emptyProfile(), 'UTC')]).toEqual([
      'Asia/Kathmandu',
      'Europe/Berlin',
      'UTC',
    ]);
  });
});
