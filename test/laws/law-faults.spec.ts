/** Each law is broken on purpose, in what the customers live under or in what the log says, and must say so. */
import type { PlayDecision } from '@rapport/journey';
import { type CustomerLog, factsOf } from './law-facts';
import { LAWS } from './laws';
import { Shares } from './shares';
import { simulate } from './simulated-life';
import { theWorld, type World } from './world';

const LIVES = 12;
const TRUE_WORLD = theWorld();
const numbers = Array.from({ length: LIVES }, (_, no) => no);

function livesIn(world: World): CustomerLog[] {
  return numbers.map((no) => simulate(world, no));
}

function found(law: string, logs: readonly CustomerLog[]): string[] {
  return logs.flatMap((log) => LAWS[law]?.(factsOf(log), TRUE_WORLD) ?? []);
}

describe('in a world without it, a law is broken:', () => {
  it.each([
    ['none in quiet hours', /^quiet: .*$/m, 'quiet: { from: "02:00", until: "02:05" }'],
    ['every cap kept in every window', /atMost: [23], within: 7d/g, 'atMost: 20, within: 7d'],
    ['asks keep their distance', /^ {2}cooldown: 30d/m, '  cooldown: 1d'],
    ['asks keep their distance', /^ {2}atMost: 3/m, '  atMost: 9'],
  ])('%s', (law, guard, loose) => {
    const world = theWorld((text) => text.replace(guard, loose));
    expect(world.part.guards).not.toEqual(TRUE_WORLD.part.guards);
    expect(found(law, livesIn(world))).not.toEqual([]);
  });

  it.each([
    ['shares of a split', 'share: 50%, then: [ { tell', 'share: 1%, then: [ { tell', 'share: 30%', 'share: 79%'],
    ['share of a holdout', 'holdout: 20%\nsteps:\n  - split', 'holdout: 95%\nsteps:\n  - split', '', ''],
  ])('%s within their binomial bounds', (_, share, other, second, another) => {
    const shares = new Shares(TRUE_WORLD.part);
    const world = theWorld((text) => text.replace(share, other).replace(second, another));
    for (let no = 0; no < 60; no++) shares.take(factsOf(simulate(world, no)));
    expect(shares.outside()).toHaveLength(2);
  });
});

type Decided = CustomerLog['decisions'][number];
type Of<T extends PlayDecision['type']> = Extract<PlayDecision, { type: T }>;

/** Puts a copy of the first decision that fits, changed, behind it or in its place. */
function planted<T extends PlayDecision['type']>(
  log: CustomerLog,
  type: T,
  fits: (decision: Of<T>) => boolean,
  change: (decision: Of<T>) => Partial<Of<T>> | null,
  keep = false,
): CustomerLog {
  const place = log.decisions.findIndex(({ decision }) => decision.type === type && fits(decision as Of<T>));
  const before = log.decisions[place];
  if (before === undefined) return log;
  const changed = change(before.decision as Of<T>);
  const planted = { position: before.position + 0.5, decision: { ...before.decision, ...changed } };
  const decisions = [...log.decisions];
  decisions.splice(place, 1, ...(keep ? [before] : []), ...(changed === null ? [] : [planted]));
  return { ...log, decisions };
}

const any = () => true;

describe('planted in the log, a fault is found:', () => {
  const lives = livesIn(TRUE_WORLD);
  const settledOf = ({ decisions }: CustomerLog, result: string) =>
    new Set(
      decisions.flatMap(({ decision: one }) =>
        one.type === 'ActionSettled' && one.result === result ? [one.action] : [],
      ),
    );

  it.each<[what: string, law: string, plant: (log: CustomerLog) => CustomerLog]>([
    [
      'one id for two actions',
      'no action twice for a cause',
      (log) => planted(log, 'ActionRequested', any, ({ step }) => ({ step: `${step}.9.9` }), true),
    ],
    [
      'a second action while the first is under way',
      'no action twice for a cause',
      (log) =>
        planted(log, 'ActionRequested', any, ({ round }) => ({ action: 'f'.repeat(32), round: round + 1 }), true),
    ],
    [
      'two entries for one touchpoint',
      'no action twice for a cause',
      (log) =>
        planted(
          log,
          'PlayEntered',
          ({ trigger }) => trigger.on === 'touchpoint',
          () => ({ enrolment: 99 }),
          true,
        ),
    ],
    [
      'no give before the ask',
      'no ask without a give',
      (log) => ({
        ...log,
        inputs: log.inputs.filter(
          ({ touchpoint: one }) => one?.type !== 'gift.sent' && one?.properties.verb !== 'give',
        ),
      }),
    ],
    [
      'a request into the night',
      'none in quiet hours',
      (log) =>
        planted(
          log,
          'ActionRequested',
          ({ channel }) => channel === 'email',
          ({ sendBefore }) => ({
            sendBefore: sendBefore + 12 * 3_600_000,
          }),
        ),
    ],
    [
      'a withheld action left out',
      'every action that was not taken has a reason',
      (log) => {
        const one = log.decisions.find(({ decision }) => decision.type === 'ActionWithheld' && decision.final);
        if (one?.decision.type !== 'ActionWithheld') return log;
        const { play, enrolment, step } = one.decision;
        const own = ({ decision }: Decided) =>
          decision.type === 'ActionWithheld' &&
          decision.play === play &&
          decision.enrolment === enrolment &&
          decision.step === step;
        return { ...log, decisions: log.decisions.filter((each) => !own(each)) };
      },
    ],
    [
      'no reason',
      'every action that was not taken has a reason',
      (log) => planted(log, 'ActionWithheld', any, () => ({ reason: '' as Of<'ActionWithheld'>['reason'] })),
    ],
    [
      'a silent send that nobody settled',
      'every request comes to an end',
      (log) => {
        const silent = settledOf(log, 'silent');
        return planted(
          log,
          'ActionSettled',
          ({ action }) => silent.has(action),
          () => null,
        );
      },
    ],
    [
      'who acts is held out',
      'holdout never acted on',
      (log) => {
        const acts = log.decisions.find(({ decision }) => decision.type === 'ActionRequested')?.decision;
        if (acts?.type !== 'ActionRequested') return log;
        const own = (one: Of<'PlayEntered'>) => one.play === acts.play && one.enrolment === acts.enrolment;
        return planted(log, 'PlayEntered', own, () => ({ held: true }));
      },
    ],
    [
      'who is held out is withheld for another reason',
      'holdout never acted on',
      (log) =>
        planted(
          log,
          'ActionWithheld',
          ({ reason }) => reason === 'holdout',
          () => ({ reason: 'quiet' }),
        ),
    ],
  ])('%s', (_, law, plant) => {
    expect(found(law, lives)).toEqual([]);
    expect(found(law, lives.map(plant))).not.toEqual([]);
  });
});
