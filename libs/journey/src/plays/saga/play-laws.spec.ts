/** Laws of plays over random lives. */
import fc from 'fast-check';
import { decodeState, encodeState } from '../../core/state-codec';
import type { Decision } from '../../decision';
import { ledgerOf } from './ledger-of';
import { compiledWith, DAY, HOUR, PlayCustomer } from './play-customer.fixture';
import { EVERY_STEP, live, playScripts, versionOf, type PlayStepOf } from './play-scripts.spec';
import { PLAY_STATE_BYTES_MAX } from '../play-limits';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 120);
const NOT_ADOPT = EVERY_STEP.filter((one) => one !== 'adopt');
const NO_HISTORY = NOT_ADOPT.filter((one) => one !== 'history');

function customer(): PlayCustomer {
  const one = new PlayCustomer(compiledWith(versionOf(1)));
  one.pauses.push({ play: 'deed', from: Date.UTC(2024, 0, 6), until: Date.UTC(2024, 0, 9) });
  return one;
}

function bytes(one: PlayCustomer): string {
  return Buffer.from(encodeState(one.state)).toString('hex');
}

describe('plays of a customer', () => {
  it('come to the same by one jump of the clock and by many steps', () => {
    const jumps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 25), jumps, (script, parts) => {
        const jumping = customer();
        const stepping = customer();
        jumping.tick(live(jumping, script));
        live(stepping, script, (from, to) => {
          for (const share of [...parts].sort((a, b) => a - b)) stepping.tick(from + Math.floor(share * (to - from)));
        });
        stepping.tick(Math.max(...jumping.inputs.map((each) => each.input.at)));
        expect(stepping.all).toEqual(jumping.all);
        expect(bytes(stepping)).toBe(bytes(jumping));
      }),
      { numRuns: RUNS },
    );
  });

  it('come back from bytes as they were at every step, and go on the same way', () => {
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 25), (script) => {
        const kept = customer();
        const packed = customer();
        live(kept, script);
        live(packed, script, () => {
          const before = packed.state;
          packed.state = decodeState(packed.definition, encodeState(before));
          expect(packed.state.plays).toEqual(before.plays);
          expect(packed.state.due).toBe(before.due);
        });
        expect(packed.all).toEqual(kept.all);
        expect(encodeState(kept.state).length).toBeLessThan(PLAY_STATE_BYTES_MAX);
      }),
      { numRuns: RUNS },
    );
  });

  it('never wait for a moment that has passed', () => {
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 25), (script) => {
        const one = customer();
        const check = (at: number) => {
          one.tick(at);
          expect(one.state.due ?? Infinity).toBeGreaterThan(at);
        };
        const last = live(one, script, check);
        one.tick(last + 3 * DAY);
        expect(one.state.due ?? Infinity).toBeGreaterThan(last + 3 * DAY);
      }),
      { numRuns: RUNS },
    );
  });

  it('have the ledger that the whole timeline comes to, however late something came', () => {
    fc.assert(
      fc.property(playScripts(NOT_ADOPT, 25), (script) => {
        const one = customer();
        const last = live(one, script);
        one.settle(last + HOUR);
        const whole = ledgerOf(
          one.definition,
          one.timeline.map((item) => item.touchpoint),
        );
        expect(one.state.plays?.ledger ?? null).toEqual(whole);
      }),
      { numRuns: RUNS },
    );
  });

  it('request nothing twice for one cause, and say each reason once in a row', () => {
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 30), (script) => {
        const one = customer();
        live(one, script);
        const actions = one.plays.flatMap((each) => (each.type === 'ActionRequested' ? [each.action] : []));
        expect(new Set(actions).size).toBe(actions.length);
        const last = new Map<string, string>();
        for (const each of one.plays) {
          if (each.type === 'ActionRequested') last.delete(each.action);
          if (each.type !== 'ActionWithheld' || each.final) continue;
          expect(last.get(each.action)).not.toBe(each.reason);
          last.set(each.action, each.reason);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('history', () => {
  it('triggers nothing and acts nowhere', () => {
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 25), (script) => {
        const one = customer();
        const last = live(one, script);
        one.settle(last + HOUR);
        const said = one.plays.filter((each) => 'cause' in each && each.cause.kind === 'settling');
        const allowed = ['PlayConverted', 'PlayStepped', 'PlayExited', 'ActionSettled'];
        for (const each of said) expect(allowed).toContain(each.type);
        for (const each of said) if (each.type === 'PlayStepped') expect(each.kind).toBe('waitFor');
      }),
      { numRuns: RUNS },
    );
  });

  it('of somebody who never did anything live comes to nothing at all', () => {
    fc.assert(
      fc.property(playScripts(['history', 'settle'], 15), (script) => {
        const one = customer();
        live(one, script);
        expect(one.plays.filter((each) => each.type === 'PlayEntered' && each.cause.kind !== 'timer')).toEqual([]);
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

describe('outcomes', () => {
  // A timer of plays settles pending history as those of the stages do: with another life of plays that moment is another.
  it('move neither stage nor engagement', () => {
    const changes = (decisions: Decision[]) =>
      decisions.filter((one) => one.type === 'StageChanged' || one.type === 'EngagementChanged');
    fc.assert(
      fc.property(playScripts(NO_HISTORY, 25), (script) => {
        const told = customer();
        const untold = customer();
        const settle = (after: number): PlayStepOf => ({ do: 'settle', after });
        const toldOf = (step: PlayStepOf) =>
          step.do === 'outcome' ? [settle(step.after), { ...step, after: 0 }] : [step];
        live(told, script.flatMap(toldOf));
        live(
          untold,
          script.map((step) => (step.do === 'outcome' ? settle(step.after) : step)),
        );
        expect(changes(told.all)).toEqual(changes(untold.all));
      }),
      { numRuns: RUNS },
    );
  });
});
