/** Issue 5, section 8 (a): the mailings as proposals. What the guards let through is checked by plain comparisons of moments. */
import type { GuardsDefinition } from '@rapport/journey';
import { hasCompleteJourney, readHouseholds, type Household } from './complete-journey';
import { propose, type Answered, type Proposals } from './proposed-asks';

if (!hasCompleteJourney) console.warn('skipped: there is no ../shared/data/completejourney');
const describeWithData = hasCompleteJourney ? describe : describe.skip;

const DAY_MS = 86_400_000;
const COOLDOWN_MS = 30 * DAY_MS;
const WINDOW_MS = 180 * DAY_MS;
const ASKS_IN_WINDOW_MAX = 3;
/** Longer than the cooldown: who leaves an ask unanswered rests for longer than who answers. */
const ANSWER_WITHIN_MS = 60 * DAY_MS;

const GUARDS: GuardsDefinition = {
  ...{ consentUnknown: { marketing: true }, caps: [] },
  quiet: { from: 20 * 60, until: 8 * 60, weekdays: [1, 2, 3, 4, 5, 6] },
  asks: {
    ...{ cooldown: COOLDOWN_MS, atMost: ASKS_IN_WINDOW_MAX, within: WINDOW_MS, answerWithin: ANSWER_WITHIN_MS },
    ...{ afterBadExperience: 30 * DAY_MS, prior: { rate: 0.12, weight: 2 } },
  },
};

/** The end of the time in which an ask was open. */
function closedAt({ at, answeredAt }: Answered): number {
  return answeredAt !== null && answeredAt <= at + ANSWER_WITHIN_MS ? answeredAt : at + ANSWER_WITHIN_MS;
}

function pairs(asked: readonly Answered[]): [earlier: Answered, later: Answered][] {
  return asked.flatMap((later) =>
    asked.filter((one) => one.at < later.at).map((one): [Answered, Answered] => [one, later]),
  );
}

describeWithData('the mailings of Complete Journey as proposals through the guards', () => {
  let all: { household: Household; proposals: Proposals }[];
  beforeAll(() => {
    all = readHouseholds().map((household) => ({ household, proposals: propose(GUARDS, household) }));
  });

  it('are all asked, or let go with a reason', () => {
    for (const { household, proposals } of all) {
      const settled = [...proposals.asked.map((ask) => ask.campaign), ...proposals.letGo].sort();
      expect(settled).toEqual(household.mailings.map((mailing) => mailing.campaign).sort());
      for (const campaign of proposals.letGo)
        expect(proposals.withheld.filter((one) => one.campaign === campaign).at(-1)?.until).toBeNull();
    }
  });

  const asked = () => all.flatMap(({ proposals }) => pairs(proposals.asked));

  it('never make two asks within the cooldown, nor more than three in 180 days, both ends included', () => {
    expect(asked().filter(([earlier, later]) => later.at - earlier.at <= COOLDOWN_MS)).toEqual([]);
    for (const { proposals } of all) {
      const moments = proposals.asked.map((ask) => ask.at);
      const fullest = moments.map((at) => moments.filter((one) => one <= at && one >= at - WINDOW_MS).length);
      expect(Math.max(0, ...fullest)).toBeLessThanOrEqual(ASKS_IN_WINDOW_MAX);
      expect(new Set(moments).size).toBe(moments.length);
    }
  });

  it('let households rest that leave an ask unanswered: none is asked while it is open', () => {
    expect(asked().filter(([earlier, later]) => later.at < closedAt(earlier))).toEqual([]);
    const waits = (answered: boolean) =>
      asked()
        .filter(([earlier]) => (earlier.answeredAt !== null) === answered)
        .map(([earlier, later]) => (later.at - earlier.at) / DAY_MS);
    expect(Math.min(...waits(false))).toBeGreaterThan(ANSWER_WITHIN_MS / DAY_MS);
    expect(Math.min(...waits(true))).toBeLessThan(31);
  });

  it('ask nobody before the first basket was thanked for', () => {
    const early = all.filter(({ household, proposals }) =>
      proposals.asked.some(({ at }) => !((household.baskets[0]?.at ?? Infinity) <= at)),
    );
    expect(early).toEqual([]);
  });

  it('are asked on the date that was named, unless another of the household went first', () => {
    for (const { proposals } of all) {
      const missed = proposals.withheld.filter(({ campaign, until }) => {
        if (until === null) return false;
        const refused = proposals.withheld.some((one) => one.campaign === campaign && one.at === until);
        const mine = proposals.asked.some((one) => one.campaign === campaign && one.at === until);
        const other = proposals.asked.some((one) => one.at <= until && one.at >= until - WINDOW_MS);
        return !mine && !(refused && other);
      });
      expect(missed).toEqual([]);
    }
  });

  it('come to 5,068 asks of 6,589, each of the others with its reason', () => {
    const made = all.flatMap(({ proposals }) => proposals.asked);
    const reasons: { [reason: string]: number } = {};
    for (const { reason } of all.flatMap(({ proposals }) => proposals.withheld))
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    expect({
      asked: made.length,
      answered: made.filter((ask) => ask.answeredAt !== null).length,
      letGo: all.flatMap(({ proposals }) => proposals.letGo).length,
    }).toEqual({ asked: 5_068, answered: 478, letGo: 1_521 });
    expect(reasons).toEqual({
      giveFirst: 216,
      quiet: 3_120,
      openAsk: 3_091,
      cooldown: 103,
      asksInWindow: 68,
      priority: 546,
    });
  });
});
