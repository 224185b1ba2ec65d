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

function lives(one: PlayCustomer, script: readonly PlayStepOf[], plays: PlaysPart, met: Set<string>): void {
  live(one, script, (_, to) => one.tick(to));
  for (const { type } of one.plays) met.add(type);
  expect(checkPlayLaws(plays, one.definition.definition.timeZone, logOf(one))).toEqual([]);
}

describe('the naive checker', () => {
  it.each([0, 0.5, 1])('finds nothing wrong with any life, held out %d', (holdout) => {
    const plays = part(everyPlay(holdout), TIGHT_GUARDS);
    const definition = compiledWith(plays);
    const met = new Set<string>();
    fc.assert(
      fc.property(playScripts(SAME_VERSION, 35), fc.integer({ min: 0, max: 50 }), (script, who) => {
        lives(new PlayCustomer(definition, `customer-${who}`), script, plays, met);
      }),
      { numRuns: RUNS },
    );
    expect(met).toContain('PlayEntered');
    expect(met).toContain(holdout === 1 ? 'ActionWithheld' : 'ActionRequested');
  });

  it('finds nothing wrong with lives through new versions and pauses', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(playScripts(EVERY_STEP, 35), (script) => {
        const one = new PlayCustomer(compiledWith(versionOf(1)));
        one.pauses.push({ play: 'deed', from: Date.UTC(2024, 0, 4), until: Date.UTC(2024, 0, 20) });
        lives(one, script, versionOf(1), met);
      }),
      { numRuns: RUNS },
    );
    for (const type of ['ActionRequested', 'PlayMigrated', 'EntryWithheld']) expect(met).toContain(type);
  });
});
