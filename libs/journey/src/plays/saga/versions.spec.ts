import type { Play } from '../play';
import { PLAY_VERSIONS_KEPT } from '../play-limits';
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from './play-customer.fixture';

const ADVOCACY = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
const DEED = { type: 'event.spoken' };

function waiting(ms: number, more: Partial<Play> = {}): Play {
  return play('p', [{ step: 'wait', path: '0', ms }, act('1')], { trigger: ADVOCACY, again: 'never', ...more });
}

/** Versions 1, 2, ... as one definition each, with what came before it. */
function versions(...plays: Play[]) {
  const parts = plays.map((one, i) => ({ version: i + 1, part: part([one]) }));
  return parts.map(({ version, part: own }, i) => compiledWith(own, version, parts.slice(0, i)));
}

describe('a newer definition', () => {
  it('leaves who is under way with the steps entered, and starts others by its own', () => {
    const [first, second] = versions(waiting(DAY), waiting(5 * DAY, { again: 'always' }));
    const one = new PlayCustomer(first!);
    one.live(DEED, START);
    expect(lines(one.adopt(second!, START + HOUR))).toEqual([]);
    expect(lines(one.tick(START + DAY))).toEqual(['stepped 0 wait time', 'requested 1 give thanks round 0']);
    one.outcome('delivered', START + DAY + 1);
    const [entered] = one.live(DEED, START + 2 * DAY);
    expect(entered).toMatchObject({ type: 'PlayEntered', playVersion: 2, enrolment: 2, first: false });
  });

  it('moves them to the same step where it says migrate', () => {
    const [first, second] = versions(waiting(DAY), waiting(5 * DAY, { migrate: true }));
    const one = new PlayCustomer(first!);
    one.live(DEED, START);
    expect(lines(one.adopt(second!, START + HOUR))).toEqual(['migrated p to 2']);
    expect(one.state.plays?.enrolments).toMatchObject([{ version: 2, step: '0' }]);
  });

  it('does not move them where the step there is another', () => {
    const other = play('p', [act('0')], { trigger: ADVOCACY, migrate: true });
    const [first, second] = versions(waiting(DAY), other);
    const one = new PlayCustomer(first!);
    one.live(DEED, START);
    expect(lines(one.adopt(second!, START + HOUR))).toEqual([]);
    expect(one.state.plays?.enrolments).toMatchObject([{ version: 1, step: '0' }]);
  });

  it('keeps a play that says the same for ever, however many versions come, and retires others', () => {
    for (const changes of [false, true]) {
      const plays = Array.from({ length: PLAY_VERSIONS_KEPT + 3 }, (_, i) =>
        waiting(100 * DAY, changes ? { why: `${i}` } : {}),
      );
      const definitions = versions(...plays);
      const one = new PlayCustomer(definitions[0]!);
      one.live(DEED, START);
      const told = definitions
        .slice(1)
        .flatMap((definition, i) => lines(one.adopt(definition, START + (i + 1) * HOUR)));
      expect(told).toEqual(changes ? ['exited p retired'] : []);
      expect(one.state.plays?.enrolments).toHaveLength(changes ? 0 : 1);
    }
  });

  it('without plays lets go of everything, and gives back the very state of stages alone', () => {
    const one = new PlayCustomer(compiledWith(part([waiting(DAY)])));
    one.live(DEED, START);
    expect(lines(one.adopt(compiledWith(undefined, 2), START + HOUR))).toEqual(['exited p retired']);
    expect(one.state.plays).toBeNull();
  });

  it('triggers nothing by the changes it brings', () => {
    const welcome = play('welcome', [act('0')], {
      trigger: { on: 'stage', entered: ['lead', 'customer', 'advocate'] },
    });
    const one = new PlayCustomer(compiledWith(undefined));
    one.live(DEED, START);
    expect(lines(one.adopt(compiledWith(part([welcome]), 2), START + HOUR))).toEqual([]);
  });
});

describe('a pause', () => {
  it('records triggers as withheld while waits run on; a timer due exactly when it begins still enters', () => {
    const one = new PlayCustomer(compiledWith(part([waiting(DAY, { again: 'always' })])));
    one.pauses.push({ play: 'p', from: START + DAY, until: START + 3 * DAY });
    one.live(DEED, START);
    expect(lines(one.tick(START + DAY))).toEqual(['stepped 0 wait time', 'requested 1 give thanks round 0']);
    one.outcome('delivered', START + DAY + HOUR);
    expect(lines(one.live(DEED, START + 2 * DAY))).toEqual(['not entered p: paused']);
    expect(lines(one.live(DEED, START + 3 * DAY))).toEqual(['entered p', 'waiting 0 wait']);
    expect(one.paused('p', START + DAY, true)).toBe(false);
  });
});

describe('history', () => {
  const asks = play('p', [{ step: 'waitFor', path: '0', of: { meaning: 'praise' }, atMost: 10 * DAY }, act('1')], {
    trigger: ADVOCACY,
    again: 'never',
    goal: { of: { meaning: 'purchase' }, within: 20 * DAY },
  });
  const praise = { type: 'feedback.praise.given', touchpointId: 'praise' };

  it('ends a waitFor, and the step behind it waits for the next live input or timer', () => {
    const one = new PlayCustomer(compiledWith(part([asks])));
    one.live(DEED, START);
    one.history(praise, START + DAY, START + 2 * DAY);
    expect(lines(one.settle(START + 3 * DAY))).toEqual(['stepped 0 waitFor praise']);
    expect(lines(one.tick(START + 4 * DAY))).toEqual([]);
    expect(lines(one.tick(START + 10 * DAY))).toEqual(['requested 1 give thanks round 0']);
  });

  it('says the same however the import was cut', () => {
    const buy = { type: 'purchase.completed', touchpointId: 'purchase' };
    const told = [1, 2].map((cuts) => {
      const one = new PlayCustomer(compiledWith(part([asks])));
      one.live(DEED, START);
      if (cuts === 1) one.history(praise, START + DAY, START + 3 * DAY);
      one.history(buy, START + 2 * DAY, START + 3 * DAY);
      if (cuts === 2) one.history(praise, START + DAY, START + 3 * DAY);
      return lines(one.settle(START + 4 * DAY));
    });
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toEqual(['stepped 0 waitFor praise', 'converted p', 'exited p converted']);
  });
});
