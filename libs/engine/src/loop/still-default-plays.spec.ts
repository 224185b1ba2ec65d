/** The default plays through the engine loop: the same enrolments and actions however the log is cut, read again or built anew. */
import fc from 'fast-check';
import { composeDocument, DEFAULT_DEFINITION_TEXT } from '@rapport/journey';
import { defaultPlayFiles } from '../default-plays/load';
import { end, journeyLines, play, type Ran, script, stepsWithPlays } from './still-engine.fixture';
import type { StillEngineOptions } from './still-engine';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 3);

/** A newer version greets otherwise. */
const DOCUMENTS = ['greeted and helped', 'greeted, helped and known'].map((why) => {
  const files = defaultPlayFiles().map(({ name, text }) => ({ name, text: text.replace('greeted and helped', why) }));
  const composed = composeDocument({ name: 'definition.yaml', text: DEFAULT_DEFINITION_TEXT }, files);
  if (!composed.ok) throw new Error(JSON.stringify(composed.faults));
  return composed.document;
});

function run(raw: Parameters<typeof script>[0], options: Partial<StillEngineOptions> = {}): Ran {
  return play(script(raw, DOCUMENTS), options, undefined, DOCUMENTS[0]);
}

describe('the default plays', () => {
  it('enter, act, withhold and settle at all', () => {
    const deed = (id: number) => ({ customer: 'anna', id, type: 4, daysAgo: 0, history: false });
    const ran = run([
      { kind: 'raw', list: [{ customer: 'anna', id: 1, type: 1, daysAgo: 0, history: false }] },
      { kind: 'deliver' },
      { kind: 'days', days: 30 },
      { kind: 'raw', list: [deed(2), deed(3)] },
      { kind: 'deliver' },
      { kind: 'days', days: 60 },
    ]);
    const types = new Set(ran.decisions.map((line) => line.split(' ')[1]));
    for (const type of ['PlayEntered', 'ActionRequested', 'ActionWithheld', 'ActionSettled', 'PlayExited'])
      expect([...types]).toContain(type);
    end(ran);
  });

  it.each([1, 300, 4_000])('decide the same by batches of %d bytes as by large ones', (readBytes) => {
    fc.assert(
      fc.property(stepsWithPlays, fc.integer({ min: 1, max: 5 }), (raw, chunksPerFlush) => {
        const whole = run(raw);
        const small = run(raw, { readBytes, chunksPerFlush });
        expect(small.decisions).toEqual(whole.decisions);
        expect(journeyLines(small.engine.dump())).toEqual(journeyLines(whole.engine.dump()));
        end(whole, small);
      }),
      { numRuns: RUNS },
    );
  });

  it('ask for nothing again when the log is read again, and are built anew to the same bytes', () => {
    fc.assert(
      fc.property(stepsWithPlays, (raw) => {
        const live = run(raw);
        const before = live.engine.dump();
        live.engine.restart();
        live.engine.run();
        expect(live.engine.dump()).toEqual(before);
        expect(live.engine.rebuiltDump(2)).toEqual(before);
        end(live);
      }),
      { numRuns: RUNS },
    );
  });
});
