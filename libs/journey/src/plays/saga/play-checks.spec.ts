/** Whole lives against the naive checker, which shares no code with saga, guards or ledger. */
import fc from 'fast-check';
import { checkPlayLaws } from '../../verification/naive-plays';
import type { PlaysPart } from '../play';
import { logOf } from './play-log.fixture';
import { compiledWith, part, PlayCustomer } from './play-customer.fixture';
import {
  EVERY_STEP,
  everyPlay,
  live,
  playScripts,
  TIGHT_GUARDS,
  versionOf,
  type PlayStepOf,
} from './play-scripts.spec';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 200);
const SAME_VERSION = EVERY_STEP.filter((one) => one !== 'adopt');

function paused(): PlayCustomer {
  const one = new PlayCustomer(compiledWith(versionOf(1)));
  one.pauses.push({ play: 'deed', from: Date.UTC(2024, 0, 4), until: Date.UTC(2024, 0, 20) });
  return one;
}

function wrongIn(one: PlayCustomer, script: readonly PlayStepOf[], plays: PlaysPart) {
  live(one, script, (_, to) => one.tick(to));
  return checkPlayLaws(plays, one.definition.definition.timeZone, logOf(one));
}

describe('the naive checker', () => {
  it.each([0, 0.5, 1])('finds nothing wrong with any life, held out %d', (holdout) => {
    const plays = part(everyPlay(holdout), TIGHT_GUARDS);
    const definition = compiledWith(plays);
    fc.assert(
      fc.property(playScripts(SAME_VERSION, 35), fc.integer({ min: 0, max: 50 }), (script, who) => {
        expect(wrongIn(new PlayCustomer(definition, `customer-${who}`), script, plays)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds nothing wrong with lives through new versions and pauses', () => {
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 35), (script) => {
        expect(wrongIn(paused(), script, versionOf(1))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('has much to look at', () => {
    const met = new Set<string>();
    for (const script of fc.sample(playScripts(EVERY_STEP, 35), { numRuns: 300, seed: 3 })) {
      const one = paused();
      live(one, script);
      for (const { type } of one.plays) met.add(type);
    }
    const types = [
      'ActionRequested',
      'ActionWithheld',
      'ActionSettled',
      'PlayConverted',
      'PlayMigrated',
      'EntryWithheld',
    ];
    expect(types.filter((type) => !met.has(type))).toEqual([]);
  });
});
