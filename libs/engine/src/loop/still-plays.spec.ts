import fc from 'fast-check';
import { openLogReader } from '@rapport/event-store';
import { verifyEvidence } from '../maintenance/verify-store';
import { end, journeyLines, play, type Ran, script, stepsWithPlays } from './still-engine.fixture';
import { DOCUMENTS_WITH_PLAYS } from './still-plays.fixture';
import type { StillEngine, StillEngineOptions } from './still-engine';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 15);

type Scripted = Parameters<typeof script>[0];

function run(
  raw: Scripted,
  options: Partial<StillEngineOptions> = {},
  between: (engine: StillEngine, step: number) => void = () => undefined,
): Ran {
  return play(script(raw, DOCUMENTS_WITH_PLAYS), options, between, DOCUMENTS_WITH_PLAYS[0]);
}

describe('the engine loop with plays', () => {
  it('enters, asks, waits and settles at all', () => {
    const touchpoints = (id: number, type: number): Scripted[number] => ({
      kind: 'raw',
      list: [{ customer: 'anna', id, type, daysAgo: 0, history: false }],
    });
    const command = { commandId: 'c-1', by: 'ann', command: 'enrol', play: 'thanks' } as const;
    const { engine, folder, decisions } = run([
      touchpoints(1, 1),
      { kind: 'command', customerId: 'anna', command },
      { kind: 'deliver' },
      { kind: 'days', days: 40 },
      touchpoints(2, 7),
      { kind: 'deliver' },
    ]);
    const types = new Set(decisions.map((line) => line.split(' ')[1]));
    for (const type of ['PlayEntered', 'ActionRequested', 'ActionSettled', 'PlayWaiting', 'PlayExited'])
      expect([...types]).toContain(type);
    expect(decisions.filter((line) => line.includes('"trigger":{"on":"audience"'))).not.toEqual([]);
    end({ engine, folder, decisions });
  });

  it('decides the same whatever the size of its batches and the number of its flushes', () => {
    fc.assert(
      fc.property(stepsWithPlays, fc.integer({ min: 1, max: 3 }), (raw, chunksPerFlush) => {
        const whole = run(raw);
        const small = run(raw, { readBytes: 1, chunksPerFlush });
        expect(small.decisions).toEqual(whole.decisions);
        expect(journeyLines(small.engine.dump())).toEqual(journeyLines(whole.engine.dump()));
        end(whole, small);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same result after a crash at any point', () => {
    const faults = fc.array(fc.constantFrom('nothing', 'restart', 'fold', 'flush'), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(stepsWithPlays, faults, (raw, at) => {
        const calm = run(raw);
        const crashed = run(raw, {}, (engine, step) => {
          if (at[step] === 'flush') engine.flush();
          if (at[step] === 'fold') engine.foldSome();
          if (at[step] === 'restart' || at[step] === 'fold') engine.restart();
        });
        expect(crashed.decisions).toEqual(calm.decisions);
        expect(journeyLines(crashed.engine.dump())).toEqual(journeyLines(calm.engine.dump()));
        end(calm, crashed);
      }),
      { numRuns: RUNS },
    );
  });

  it('decides about a customer alone as among others, however a cap cuts what is for everybody', () => {
    fc.assert(
      fc.property(stepsWithPlays, fc.constantFrom('anna', 'cleo'), (steps, customer) => {
        const raw = steps.filter((step) => step.kind !== 'retry');
        const among = run(raw);
        const single = run(raw.flatMap((step) => ownPart(step, customer)));
        const own = (line: string): boolean => line.startsWith(`${customer} `);
        expect(single.decisions.filter(own)).toEqual(among.decisions.filter(own));
        end(among, single);
      }),
      { numRuns: RUNS },
    );
  });

  it('rebuilds to the same bytes, rows of plays among them, and its evidence holds', () => {
    fc.assert(
      fc.property(stepsWithPlays, (raw) => {
        const live = run(raw);
        expect(live.engine.rebuiltDump(2)).toEqual(live.engine.dump());
        expect(problemsOf(live.folder)).toEqual([]);
        end(live);
      }),
      { numRuns: RUNS },
    );
  });
});

/** What of a step concerns this customer; settlings, pauses and days concern everybody. */
function ownPart(step: Scripted[number], customer: string): Scripted {
  if (step.kind === 'command') return step.customerId === customer ? [step] : [];
  if (step.kind !== 'raw') return [step];
  const list = step.list.filter((one) => one.customer === customer);
  return list.length === 0 ? [] : [{ ...step, list }];
}

function problemsOf(folder: string): string[] {
  const problems: string[] = [];
  const log = openLogReader(folder);
  verifyEvidence(
    log,
    { customers: 0, decisions: 0 },
    (problem) => problems.push(problem),
    () => undefined,
  );
  log.close();
  return problems;
}
