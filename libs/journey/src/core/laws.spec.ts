/** Laws of folding and evaluating, over random small definitions and random lives. */
import fc from 'fast-check';
import type { Definition } from '../definition';
import type { FoldedTouchpoint } from '../touchpoint';
import { advance } from './advance';
import { Customer, compiled, DAY, DEFAULT_DEFINITION } from './customer.fixture';
import { evaluate } from './evaluate';
import { Num } from './facts-layout';
import { cloneState, emptyState, type JourneyState } from './journey-state';
import { BEGIN, definitions, lawId, scripts, touchpointSets, type ScriptStep } from './law-arbitraries.spec';
import { foldNext, needsTimeline, refold } from './returns';
import { decodeState, encodeState } from './state-codec';

const RUNS = 150;

/** Plays the steps of a script one at a time. */
class Clock {
  at = BEGIN;
  private id = 0;

  play(customer: Customer, script: ScriptStep[], place: number): void {
    const step = script[place];
    if (step === undefined) return;
    this.at += step.after;
    const { at } = this;
    if (step.do === 'tick') customer.tick(at);
    else if (step.do === 'settle') customer.settle(at);
    else if (step.do === 'adopt') {
      const { definition, version } = customer.definition;
      customer.adopt(compiled(definition, version + 1), at);
    } else if (step.do === 'live' || step.do === 'history') {
      const touchpointId = lawId(this.id++);
      const touchpoint = { ...step.what, touchpointId, occurredAt: at - step.late, history: step.do === 'history' };
      customer.take({ kind: 'touchpoint', touchpoint, at });
    }
  }
}

/** Plays a whole script; `between` sees the customer after each step. Returns the moment of the last one. */
function play(customer: Customer, script: ScriptStep[], between: (at: number) => void = () => undefined): number {
  const clock = new Clock();
  script.forEach((_, place) => {
    clock.play(customer, script, place);
    between(clock.at);
  });
  return clock.at;
}

const anyDefinition = fc.oneof({ weight: 5, arbitrary: definitions(true) }, fc.constant(DEFAULT_DEFINITION));

describe('state in bytes', () => {
  it('comes back as it was at every step, and goes on the same way', () => {
    fc.assert(
      fc.property(anyDefinition, scripts(['live', 'history', 'tick', 'settle', 'adopt'], 20), (definition, script) => {
        const kept = new Customer(compiled(definition));
        const packed = new Customer(compiled(definition));
        play(kept, script);
        play(packed, script, () => {
          const bytes = encodeState(packed.state);
          packed.state = decodeState(packed.definition, bytes);
          expect(encodeState(packed.state)).toEqual(bytes);
        });
        expect(packed.decisions).toEqual(kept.decisions);
        expect(packed.state).toEqual(kept.state);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('what is folded', () => {
  it('is the same folded one by one and all at once', () => {
    fc.assert(
      fc.property(anyDefinition, scripts(['live', 'live', 'live', 'history', 'tick'], 25), (definition, script) => {
        const customer = new Customer(compiled(definition));
        play(customer, script, (at) => {
          if (customer.state.unsettled || customer.steps.at(-1)?.input.kind !== 'touchpoint') return;
          const again = cloneState(customer.state);
          refold(
            again,
            customer.timeline.map((item) => item.touchpoint),
          );
          expect(evaluate(again, at)).toBe(0);
          expect(encodeState(again)).toEqual(encodeState(customer.state));
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('does not depend on the order of arrival, and the stage does not where nothing has a keep', () => {
    fc.assert(
      fc.property(
        definitions(false),
        touchpointSets(20, 12).chain((set) =>
          fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
        ),
        (definition, [first, second]) => {
          const at = BEGIN + 21 * DAY;
          const [one, two] = [first, second].map((order) => arrived(definition, order, at));
          expect(two?.nums.slice(Num.Folded)).toEqual(one?.nums.slice(Num.Folded));
          expect(two?.strings).toEqual(one?.strings);
          expect(two?.daily).toEqual(one?.daily);
          expect(two?.complaints).toEqual(one?.complaints);
          expect(two?.returned).toEqual(one?.returned);
          expect(two?.totals).toEqual(one?.totals);
          expect([two?.stage, two?.engagement, two?.due]).toEqual([one?.stage, one?.engagement, one?.due]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

function arrived(definition: Definition, touchpoints: FoldedTouchpoint[], at: number): JourneyState {
  const customer = new Customer(compiled(definition));
  for (const touchpoint of touchpoints) customer.take({ kind: 'touchpoint', touchpoint, at });
  return customer.state;
}

describe('timers', () => {
  it('give the same changes at the same moments whether the clock jumps or steps', () => {
    fc.assert(
      fc.property(
        anyDefinition,
        scripts(['live', 'live', 'live', 'history'], 12),
        fc.array(fc.integer({ min: 1, max: 6 * DAY }), { minLength: 1, maxLength: 30 }),
        (definition, script, ticks) => {
          const jump = new Customer(compiled(definition));
          const steps = new Customer(compiled(definition));
          const end = play(jump, script) + 60 * DAY;
          jump.tick(end);
          let next = 0;
          let clock = BEGIN;
          const stepwise = script.flatMap((step): ScriptStep[] => {
            const before: ScriptStep[] = [];
            let left = step.after;
            for (; left > 0 && next < ticks.length && (ticks[next] as number) < left; next++) {
              before.push({ do: 'tick', after: ticks[next] as number });
              left -= ticks[next] as number;
            }
            clock += step.after;
            return [...before, { ...step, after: left }];
          });
          play(steps, stepwise);
          for (const step of ticks) if (clock + step < end) steps.tick((clock += step));
          steps.tick(end);
          expect(steps.decisions).toEqual(jump.decisions);
          expect(encodeState(steps.state)).toEqual(encodeState(jump.state));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('are never due later than the next change by time alone', () => {
    fc.assert(
      fc.property(anyDefinition, scripts(['live', 'live', 'tick'], 10), (definition, script) => {
        const customer = new Customer(compiled(definition));
        play(customer, script, (at) => {
          const { state } = customer;
          const until = Math.min(state.due ?? Infinity, at + 40 * DAY);
          const wrong = momentsOfInterest(customer, at, until).filter((moment) => {
            const later = cloneState(state);
            return evaluate(later, moment) !== 0 || later.nums[Num.Held] !== state.nums[Num.Held];
          });
          expect(wrong).toEqual([]);
        });
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

/** Whole and half days after each touchpoint with a millisecond before and after, and local midnights thereabouts. */
function momentsOfInterest(customer: Customer, from: number, until: number): number[] {
  const moments = new Set<number>();
  for (const { touchpoint } of customer.timeline)
    for (let half = 1; half <= 40; half++)
      for (const off of [0, 1]) moments.add(touchpoint.occurredAt + (half * DAY) / 2 + off);
  for (let quarter = Math.ceil(from / 900_000); quarter * 900_000 < Math.min(until, from + 12 * DAY); quarter += 3)
    moments.add(quarter * 900_000);
  return [...moments].filter((moment) => moment > from && moment < until);
}

describe('advance', () => {
  it('leaves the state as it was where it asks for the timeline', () => {
    fc.assert(
      fc.property(anyDefinition, scripts(['live', 'history', 'tick', 'settle'], 15), (definition, script) => {
        const customer = new Customer(compiled(definition));
        let before = encodeState(customer.state);
        const take = customer.take.bind(customer);
        customer.take = (input) => {
          const result = advance(customer.definition, customer.state, input);
          if (result.needs === 'timeline') expect(encodeState(customer.state)).toEqual(before);
          else customer.state = decodeState(customer.definition, before);
          return take(input);
        };
        play(customer, script, () => (before = encodeState(customer.state)));
      }),
      { numRuns: RUNS },
    );
  });

  it('says of a customer the same when it is given the timeline without need', () => {
    fc.assert(
      fc.property(anyDefinition, scripts(['live', 'history', 'tick', 'settle'], 15), (definition, script) => {
        const customer = new Customer(compiled(definition));
        const eager = emptyState(compiled(definition));
        play(customer, script);
        let state = eager;
        const decisions = customer.steps.flatMap(({ input, counted }) => {
          const result = advance(customer.definition, state, input, customer.timeline.slice(0, counted));
          if (result.needs === 'timeline') throw new Error('It had the timeline.');
          state = result.state;
          return result.decisions;
        });
        expect(decisions).toEqual(customer.decisions);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a customer', () => {
  it('is told the same alone as among others under one compiled definition', () => {
    const life = scripts(['live', 'live', 'history', 'tick', 'settle'], 15);
    fc.assert(
      fc.property(anyDefinition, life, life, (definition, first, second) => {
        const shared = compiled(definition);
        const [one, other] = [new Customer(shared), new Customer(shared)];
        const turns = Math.max(first.length, second.length);
        const [oneAt, otherAt] = [new Clock(), new Clock()];
        for (let i = 0; i < turns; i++) {
          oneAt.play(one, first, i);
          otherAt.play(other, second, i);
        }
        const alone = new Customer(compiled(definition));
        play(alone, first);
        expect(one.decisions).toEqual(alone.decisions);
        expect(encodeState(one.state)).toEqual(encodeState(alone.state));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('random lives', () => {
  it('reach the paths that need the timeline', () => {
    let asked = 0;
    let folded = 0;
    for (const set of fc.sample(touchpointSets(20, 12), { numRuns: 100, seed: 7 })) {
      const state = emptyState(compiled());
      for (const touchpoint of set) {
        const plan = state.compiled.plan(touchpoint.type);
        if (needsTimeline(state, touchpoint, plan)) asked++;
        else foldNext(state, touchpoint, plan);
        folded++;
      }
    }
    expect(asked).toBeGreaterThan(folded / 20);
    expect(asked).toBeLessThan(folded / 2);
  });
});
