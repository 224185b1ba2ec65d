/** Bytes of states with plays: they come back as they were, and what is not such bytes is refused and never taken for another state. */
import fc from 'fast-check';
import { UnreadableState } from '../../core/packed-bytes';
import { decodeState, encodeState } from '../../core/state-codec';
import type { JourneyState } from '../../core/journey-state';
import type { PlayState } from '../play-state';
import { compiledWith, HOUR, PlayCustomer, START } from '../saga/play-customer.fixture';
import { EVERY_STEP, live, playScripts, versionOf } from '../saga/play-scripts.spec';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 40);
const COMPILED = compiledWith(versionOf(1));
const states = playScripts(
  EVERY_STEP.filter((one) => one !== 'adopt'),
  30,
).map((script) => {
  const one = new PlayCustomer(COMPILED);
  live(one, script);
  return one.state;
});

function decoded(bytes: Uint8Array): JourneyState | null {
  try {
    return decodeState(COMPILED, bytes);
  } catch (error) {
    if (error instanceof UnreadableState) return null;
    throw error;
  }
}

describe('a packed state with plays', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(states, (state) => {
        const bytes = encodeState(state);
        const back = decodeState(COMPILED, bytes);
        expect(back.plays).toEqual(state.plays);
        expect(encodeState(back)).toEqual(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  it('is refused wherever it is cut, and with anything behind it', () => {
    fc.assert(
      fc.property(states, fc.uint8Array({ minLength: 1, maxLength: 40 }), (state, more) => {
        const bytes = encodeState(state);
        for (let length = 0; length < bytes.length; length++) expect(decoded(bytes.slice(0, length))).toBeNull();
        expect(decoded(new Uint8Array([...bytes, ...more]))).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  it('is refused where bytes of it are others, or is a state that can be kept', () => {
    const damages = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 1, max: 255 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    let refused = 0;
    fc.assert(
      fc.property(states, fc.array(damages, { minLength: 20, maxLength: 20 }), (state, all) => {
        for (const each of all) {
          const bytes = encodeState(state);
          for (const [place, change] of each) bytes[Math.floor(place * bytes.length)]! ^= change;
          const read = decoded(bytes);
          if (read === null) refused += 1;
          else expect(decodeState(COMPILED, encodeState(read))).toEqual(read);
        }
      }),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS);
  });

  it.each<[string, (plays: PlayState) => void]>([
    ['a phase', ({ enrolments }) => Object.assign(enrolments[0]!, { phase: 'asleep' })],
    ['a play', ({ enrolments }) => Object.assign(enrolments[0]!, { play: 'deeds' })],
    ['a version', ({ enrolments }) => Object.assign(enrolments[0]!, { version: 9 })],
    ['a step', ({ enrolments }) => Object.assign(enrolments[0]!, { step: '9.9' })],
    ['a phase of an action', ({ actions }) => Object.assign(actions[0]!, { phase: 'sent' })],
    ['a verb', ({ actions }) => Object.assign(actions[0]!, { verb: 'beg' })],
    ['a suppression', ({ ledger }) => Object.assign(ledger!.suppressions[0]!, { reason: 'bored' })],
  ])('is refused where %s is none that there is', (_, damage) => {
    const one = new PlayCustomer(COMPILED);
    one.live({ type: 'event.spoken' }, START + 10 * HOUR);
    one.live({ type: 'email.bounced' }, START + 10 * HOUR + 1);
    expect(decoded(encodeState(one.state))).not.toBeNull();
    damage(one.state.plays!);
    expect(decoded(encodeState(one.state))).toBeNull();
  });

  it('is refused where it is no state at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 2), (bytes, format) => {
        decoded(new Uint8Array([format, 1, 0, ...bytes]));
        decoded(bytes);
      }),
      { numRuns: 10 * RUNS },
    );
  });
});
