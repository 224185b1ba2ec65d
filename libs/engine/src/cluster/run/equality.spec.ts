/** The same inputs with the same ticks decide the same, in how many partitions they ever stand and whoever runs them. */
import fc from 'fast-check';
import { end, play, type Ran, script, steps, stepsWithPlays } from '../../loop/still-engine.fixture';
import { DOCUMENTS_WITH_PLAYS } from '../../loop/still-plays.fixture';
import { endpointPorts } from './endpoint-ports.fixture';
import { decisionsOf, runPartitions, withoutPlaces } from './over-ports.fixture';
import { Ownership } from './ownership';
import { sqlitePorts } from './sqlite-ports.fixture';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 2);
const PARTITIONS = 8;
/** A counterexample is said as it was found: making it smaller takes minutes, and looks as if something hung. */
const LAW = { numRuns: RUNS, endOnFailure: true };
type Raw = Parameters<typeof script>[0];

function playPlain(raw: Raw): Ran {
  return play(script(raw));
}
function playPlays(raw: Raw): Ran {
  return play(script(raw, DOCUMENTS_WITH_PLAYS), {}, undefined, DOCUMENTS_WITH_PLAYS[0]);
}

describe.each([
  ['journeys', steps, playPlain],
  ['plays', stepsWithPlays, playPlays],
] as const)('partitions run each by itself: %s', (_, scripts, embedded) => {
  it('decide as the embedded engine does, and show the same', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (raw) => {
        const ran = embedded(raw);
        const cluster = await runPartitions(ran, PARTITIONS, sqlitePorts);
        expect(cluster.decisions).toEqual(decisionsOf(ran));
        expect(withoutPlaces(cluster.dump)).toEqual(withoutPlaces(ran.engine.dump()));
        end(ran);
      }),
      LAW,
    );
  }, 120_000);

  it('decide the same where owners give partitions back, and where they are taken from them', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 0, max: 40 }), async (raw, ms) => {
        const ran = embedded(raw);
        const cluster = await runPartitions(ran, PARTITIONS, sqlitePorts, async ([first, second]) => {
          for (let partition = 0; partition < PARTITIONS; partition++)
            second!.own(new Ownership(partition, 1, Infinity));
          await new Promise((done) => setTimeout(done, ms));
          await second!.giveBack(0);
          await second!.lost(1);
          for (const partition of [0, 1]) first!.own(new Ownership(partition, 2, Infinity));
        });
        expect(cluster.decisions).toEqual(decisionsOf(ran));
        end(ran);
      }),
      LAW,
    );
  }, 120_000);
});

describe('a settling that a cap cut', () => {
  it('decides the same where its customers stand in partitions of their own', async () => {
    // Anna and Dora share a partition of two, but none of eight: there nobody is left to the continuation.
    const list = ['anna', 'dora'].map((customer) => ({ customer, id: 1, type: 1, daysAgo: 90, history: true }));
    const ran = playPlain([{ kind: 'raw', list }, { kind: 'settle' }, { kind: 'days', days: 1 }]);
    const cluster = await runPartitions(ran, PARTITIONS, sqlitePorts);
    expect(cluster.decisions.get('dora')).toHaveLength(1);
    expect(cluster.decisions).toEqual(decisionsOf(ran));
    end(ran);
  }, 60_000);
});

describe('partitions on a log that a server keeps', () => {
  const touchpoints = fc.sample(steps, { numRuns: 40, seed: 7 }).flat();
  const plan: Raw = touchpoints.slice(0, 25);

  it.each([8, 64])(
    'decide as the embedded engine does, at %i partitions',
    async (partitions) => {
      const ran = playPlain(plan);
      const cluster = await runPartitions(ran, partitions, endpointPorts);
      expect(cluster.decisions).toEqual(decisionsOf(ran));
      expect(withoutPlaces(cluster.dump)).toEqual(withoutPlaces(ran.engine.dump()));
      end(ran);
    },
    120_000,
  );
});
