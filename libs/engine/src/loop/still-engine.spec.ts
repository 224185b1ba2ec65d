import fc from 'fast-check';
import { openLogReader } from '@rapport/event-store';
import { verifyEvidence } from '../maintenance/verify-store';
import { end, journeyLines, play, script, type Step, steps as plain, stepsWithPlays } from './still-engine.fixture';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 15);

const SCRIPTS = [
  ['touchpoints, time, settlings and definitions', plain],
  ['commands and pauses among them', stepsWithPlays],
] as const;

describe.each(SCRIPTS)('the engine loop: %s', (_, steps) => {
  it('decides the same whatever the size of its batches and the number of its flushes', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), (raw, chunksPerFlush) => {
        const plan = script(raw);
        const whole = play(plan);
        const small = play(plan, { readBytes: 1, chunksPerFlush });
        expect(small.decisions).toEqual(whole.decisions);
        expect(journeyLines(small.engine.dump())).toEqual(journeyLines(whole.engine.dump()));
        end(whole, small);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same result after a crash at any point', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.constantFrom('nothing', 'restart', 'fold', 'flush'), { minLength: 14, maxLength: 14 }),
        (raw, faults) => {
          const plan = script(raw);
          const calm = play(plan);
          const crashed = play(plan, {}, (engine, step) => {
            if (faults[step] === 'restart') engine.restart();
            if (faults[step] === 'flush') engine.flush();
            if (faults[step] === 'fold') {
              engine.foldSome();
              engine.restart();
            }
          });
          expect(crashed.decisions).toEqual(calm.decisions);
          expect(journeyLines(crashed.engine.dump())).toEqual(journeyLines(calm.engine.dump()));
          end(calm, crashed);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('decides about a customer alone as among others', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom('anna', 'cleo'), (raw, customer) => {
        const plan = script(raw);
        const alone = plan.map((step) =>
          step.kind === 'touchpoints'
            ? { ...step, touchpoints: step.touchpoints.filter((one) => one.customerId === customer) }
            : step,
        );
        const withoutRetry = (step: Step): boolean => step.kind !== 'retry';
        const among = play(plan.filter(withoutRetry));
        const single = play(
          alone.filter(withoutRetry).filter((step) => step.kind !== 'touchpoints' || step.touchpoints.length > 0),
        );
        const own = (line: string): boolean => line.startsWith(`${customer} `);
        expect(single.decisions.filter(own)).toEqual(among.decisions.filter(own));
        end(among, single);
      }),
      { numRuns: RUNS },
    );
  });

  it('counts what comes twice once', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const plan = script(raw).filter((step) => step.kind !== 'retry');
        const twice = plan.map((step) =>
          step.kind === 'touchpoints' ? { ...step, touchpoints: step.touchpoints.flatMap((one) => [one, one]) } : step,
        );
        const parks = (line: string): boolean => !line.includes(' InputParked ');
        const [once, repeated] = [play(plan), play(twice)];
        expect(repeated.decisions.filter(parks)).toEqual(once.decisions.filter(parks));
        end(once, repeated);
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves evidence that holds by separate code over the raw touchpoints', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const live = play(script(raw));
        const problems: string[] = [];
        const log = openLogReader(live.folder);
        verifyEvidence(
          log,
          { customers: 0, decisions: 0 },
          (problem) => problems.push(problem),
          () => undefined,
        );
        log.close();
        expect(problems).toEqual([]);
        end(live);
      }),
      { numRuns: RUNS },
    );
  });

  it('rebuilds to the same bytes, customer by customer', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const live = play(script(raw));
        expect(live.engine.rebuiltDump(2)).toEqual(live.engine.dump());
        end(live);
      }),
      { numRuns: RUNS },
    );
  });
});
