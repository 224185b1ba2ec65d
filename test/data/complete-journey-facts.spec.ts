/** Issue 5, section 8 (b): the asks as they were made, ranked by what the ledger knew before each. */
import { CATALOGUE, ledgerRoleOf, ledgerViewOf, refoldLedger, shrunkRate } from '@rapport/journey';
import type { FoldedTouchpoint, GuardsDefinition, LedgerState } from '@rapport/journey';
import {
  hasCompleteJourney,
  offerRedeemed,
  offerSent,
  readHouseholds,
  type Household,
  type Mailing,
} from './complete-journey';
import { auc, topFifth, type Scored } from './ranking';

if (!hasCompleteJourney) console.warn('skipped: there is no ../shared/data/completejourney');
const describeWithData = hasCompleteJourney ? describe : describe.skip;

const DAY_MS = 86_400_000;
/** As the data README has it; the latest answer came 65 days after its mailing. */
const PRIOR = { rate: 0.12, weight: 2 };
const ANSWER_WITHIN_MS = 70 * DAY_MS;

const GUARDS: GuardsDefinition = {
  ...{ consentUnknown: {}, caps: [], quiet: { from: 0, until: 0, weekdays: [0, 1, 2, 3, 4, 5, 6] } },
  asks: {
    ...{ cooldown: 30 * DAY_MS, atMost: 3, within: 180 * DAY_MS, answerWithin: ANSWER_WITHIN_MS },
    ...{ afterBadExperience: 30 * DAY_MS, prior: PRIOR },
  },
};
const RULES = { asks: GUARDS.asks, caps: GUARDS.caps, contactsKept: 3 };

interface Ask {
  answered: boolean;
  earlier: boolean;
  /** By the formula of the README: over all earlier asks, open ones too. */
  formula: number;
  /** As the ledger shows it: over closed asks alone. */
  shown: number;
  spend: number;
  /** Days since the last basket, less is better: negative. */
  recency: number;
}

function askOf(household: Household, mailing: Mailing): Ask {
  const before = ledgerBefore(household, mailing.start);
  const baskets = household.baskets.filter((basket) => basket.at < mailing.start);
  const facts = {
    ...{ at: mailing.start - 1, openComplaint: false, kind: 'person', timeZone: 'UTC' },
    ...{ ledger: { ledger: before, pending: [], virtualThanksAt: -Infinity }, consent: () => 'given' as const },
  };
  return {
    answered: household.redemptions.some((one) => one.campaign === mailing.campaign),
    earlier: before.asked > 0,
    formula: shrunkRate({ answered: before.answered, closed: before.asked }, PRIOR),
    shown: ledgerViewOf(GUARDS, [], facts).answerRate,
    spend: baskets.reduce((sum, basket) => sum + basket.value, 0),
    recency: Math.floor((baskets.at(-1)?.at ?? -Infinity) / DAY_MS) - mailing.start / DAY_MS,
  };
}

/** Of the days before. */
function ledgerBefore({ mailings, redemptions }: Household, day: number): LedgerState {
  const touchpoints: FoldedTouchpoint[] = [
    ...mailings.map(({ campaign, start }) => offerSent(campaign, start)),
    ...redemptions.map(({ campaign, at }, i) => offerRedeemed(campaign, at, i)),
  ].filter((one) => one.occurredAt < day);
  return refoldLedger(RULES, touchpoints, (type) => ledgerRoleOf(type, CATALOGUE.meanings(type)));
}

describeWithData('the answer rate of the ledger over the asks of Complete Journey', () => {
  let asks: Ask[];
  beforeAll(() => {
    asks = readHouseholds().flatMap((household) => household.mailings.map((mailing) => askOf(household, mailing)));
  });
  const figures = (score: (ask: Ask) => number, of = asks): [number, number] => {
    const scored: Scored[] = of.map((ask) => ({ score: score(ask), answered: ask.answered }));
    return [auc(scored), topFifth(scored)];
  };
  const expectFigures = (found: [number, number], area: number, fifth: number) => {
    expect(found[0].toFixed(3)).toBe(area.toFixed(3));
    expect((100 * found[1]).toFixed(1)).toBe(fifth.toFixed(1));
  };

  it('reads the asks that the data README counts', () => {
    expect(asks).toHaveLength(6_589);
    expect(asks.filter((ask) => ask.answered)).toHaveLength(792);
    expect(asks.filter((ask) => ask.earlier)).toHaveLength(5_030);
  });

  it('ranks by the formula as published: AUC .688, top fifth 46.8 %; with an earlier ask .715 and 50.8 %', () => {
    expectFigures(
      figures((ask) => ask.formula),
      0.688,
      46.8,
    );
    const known = asks.filter((ask) => ask.earlier);
    expectFigures(
      figures((ask) => ask.formula, known),
      0.715,
      50.8,
    );
  });

  it('ranks better than spend (.589, 26.2 %) and idle time (.581, 25.8 %)', () => {
    expectFigures(
      figures((ask) => ask.spend),
      0.589,
      26.2,
    );
    expectFigures(
      figures((ask) => ask.recency),
      0.581,
      25.8,
    );
  });

  it('ranks as well as it is shown, where an ask that is open says nothing yet: .685 and 46.9 %, .714 and 49.2 %', () => {
    expectFigures(
      figures((ask) => ask.shown),
      0.685,
      46.9,
    );
    const known = asks.filter((ask) => ask.earlier);
    expectFigures(
      figures((ask) => ask.shown, known),
      0.714,
      49.2,
    );
  });
});
