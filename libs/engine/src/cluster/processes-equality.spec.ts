/**
 * The same log content with the same ticks, folded by the embedded engine and by real worker processes that are killed and paused: the same decisions
 * for each customer, the same rows but for their places. RAPPORT_CLUSTER_CAMPAIGN=1 runs it at 8 and at 64 partitions, with 1, 2 and 4 workers.
 */
import fc from 'fast-check';
import { openLogReader } from '@rapport/event-store';
import { end, play, type Ran, script, stepsWithPlays } from '../loop/still-engine.fixture';
import { DOCUMENTS_WITH_PLAYS } from '../loop/still-plays.fixture';
import { startTestMongo, type TestMongo } from '../../../read-models/src/testing';
import { ClusterHouse } from './children/cluster-house.fixture';
import { shownDump } from './children/dumps.fixture';
import { copyInputs } from './copy-log.fixture';
import { decisionsByCustomer, decisionsOf, type Ended, withoutPlaces } from './run/over-ports.fixture';

const CAMPAIGN = process.env.RAPPORT_CLUSTER_CAMPAIGN === '1';
const CASES: [partitions: number, workers: number][] = CAMPAIGN
  ? [8, 64].flatMap((partitions) => [1, 2, 4].map((workers): [number, number] => [partitions, workers]))
  : [[8, 2]];
/** Steps of the script that the log is made by. */
const STEPS = CAMPAIGN ? 60 : 25;
/** Longer than a lease of the tests. */
const PAUSE_MS = 6_000;

let mongo: TestMongo;
let ran: Ran;
beforeAll(async () => {
  mongo = await startTestMongo();
  const raw = fc.sample(stepsWithPlays, { numRuns: 20, seed: 11 }).flat().slice(0, STEPS);
  ran = play(script(raw, DOCUMENTS_WITH_PLAYS), {}, undefined, DOCUMENTS_WITH_PLAYS[0]);
}, 300_000);
afterAll(async () => {
  end(ran);
  await mongo.stop();
});

async function asProcesses(partitions: number, workers: number): Promise<Ended> {
  const house = await ClusterHouse.open(mongo, partitions, { controls: 'log' }, (folder) => {
    const source = openLogReader(ran.folder);
    copyInputs(source, folder, partitions);
    source.close();
  });
  const started = await Promise.all(Array.from({ length: workers }, () => house.worker()));
  // One is killed while it takes over, one sleeps for longer than its lease and wakes up to find its partitions gone.
  await started[0]!.kill();
  started[1]?.pause();
  if (workers < 4) await house.worker();
  await new Promise((done) => setTimeout(done, PAUSE_MS));
  started[1]?.goOn();
  await house.shown(await house.api());
  const dump = await shownDump(house.connection);
  const decisions = await house.log(decisionsByCustomer);
  await house.stop();
  house.remove();
  return { decisions, dump };
}

describe('worker processes and the embedded engine', () => {
  it.each(CASES)(
    'decide the same at %i partitions with %i workers',
    async (partitions, workers) => {
      const cluster = await asProcesses(partitions, workers);
      expect(cluster.decisions).toEqual(decisionsOf(ran));
      expect(withoutPlaces(cluster.dump)).toEqual(withoutPlaces(ran.engine.dump()));
    },
    300_000,
  );
});
