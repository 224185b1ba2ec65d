/** Whole lives against the naive checker, which shares no code with saga, guards or ledger. */
import fc from 'fast-check';
import { checkPlayLaws } from '../../verification/naive-plays';
import { compiledWith, part, PlayCustomer } from './play-customer.fixture';
import { EVERY_STEP, everyPlay, live, playScripts, TIGHT_GUARDS } from './play-scripts.spec';

const RUNS = 100;
const KINDS = EVERY_STEP.filter((one) => one !== 'adopt' && one !== 'history');

describe('the naive checker', () => {
  it.each([0, 0.5, 1])('finds nothing wrong with any life, held out %d', (holdout) => {
    const plays = part(everyPlay(holdout), TIGHT_GUARDS);
    const definition = compiledWith(plays);
    const met = new Map<string, number>();
    fc.assert(
      fc.property(playScripts(KINDS, 35), fc.integer({ min: 0, max: 50 }), (script, who) => {
        const one = new PlayCustomer(definition, `customer-${who}`);
        live(one, script, (_, to) => one.tick(to));
        const violations = checkPlayLaws(plays, definition.definition.timeZone, logOf(one));
        for (const { type } of one.plays) met.set(type, (met.get(type) ?? 0) + 1);
        expect(violations).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(met.get('PlayEntered')).toBeGreaterThan(0);
    if (holdout === 1) expect(met.get('ActionWithheld')).toBeGreaterThan(0);
    else expect(met.get('ActionRequested')).toBeGreaterThan(0);
  });
});

/** As the log has it: each input, then what was decided on it. */
function logOf(one: PlayCustomer) {
  let position = 0;
  const inputs: Parameters<typeof checkPlayLaws>[2]['inputs'] = [];
  const decisions: Parameters<typeof checkPlayLaws>[2]['decisions'] = [];
  for (const { input, decisions: decided } of one.inputs) {
    const { at } = input;
    if (input.kind === 'touchpoint') inputs.push({ position: position++, at, touchpoint: input.touchpoint });
    else if (input.kind === 'command') inputs.push({ position: position++, at, command: input.command });
    for (const decision of decided) decisions.push({ position: position++, decision });
  }
  return { customerId: one.customerId, inputs, decisions };
}
