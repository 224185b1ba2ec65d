/** Real processes over a real log server and a real database: workers join, leave, are killed, are paused, and come back. */
import type { Touchpoint } from '@rapport/journey';
import type { RapportEngine } from '../rapport.types';
import { startTestMongo, type TestMongo } from '../../../read-models/src/testing';
import { ClusterHouse } from './children/cluster-house.fixture';
import { rebuiltDump, shownDump } from './children/dumps.fixture';

const PARTITIONS = 8;
const CUSTOMERS = 40;
/** Longer than a lease of the tests. */
const PAUSE_MS = 6_000;

const everybody = {
  name: 'customers',
  params: { sort: 'id', descending: false, count: false, limit: 100 },
} as const;

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startTestMongo();
}, 200_000);
afterAll(() => mongo.stop(), 60_000);

function touchpoints(round: number): Touchpoint[] {
  const types = ['purchase.completed', 'web.page.viewed', 'review.posted', 'store.complaint.made'];
  return Array.from({ length: CUSTOMERS }, (_, i) => {
    const type = types[(i + round) % types.length]!;
    const properties: Touchpoint['properties'] = type === 'review.posted' ? { rating: 5 } : {};
    return {
      ...{ touchpointId: `t${round}`, customerId: `customer-${i}`, type, channel: 'web', direction: 'inbound' },
      ...{ occurredAt: Date.now(), source: 'spec', properties, history: false },
    };
  });
}

async function send(api: RapportEngine, round: number): Promise<number> {
  const answer = await api.ingest(touchpoints(round));
  if (!answer.ok) throw new Error(answer.detail);
  return answer.position;
}

describe('a cluster of processes', () => {
  it('loses no decision and doubles none, whatever happens to its workers', async () => {
    const house = await ClusterHouse.open(mongo, PARTITIONS);
    const [first, second] = await Promise.all([house.worker(), house.worker()]);
    const api = await house.api();
    await send(api, 1);
    expect(await api.waitFor(await send(api, 2), 60_000)).toBe(true);
    first.pause();
    await send(api, 3);
    const third = await house.worker();
    await send(api, 4);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    first.goOn();
    await send(api, 5);
    await second.kill();
    expect(await api.waitFor(await send(api, 6), 60_000)).toBe(true);
    await third.stop();
    await send(api, 2);
    expect(await api.waitFor(await send(api, 7), 60_000)).toBe(true);
    await house.shown(api);
    const { items } = JSON.parse((await api.query(everybody)).json) as { items: object[] };
    expect(items).toHaveLength(CUSTOMERS);
    const shown = await shownDump(house.connection);
    // A rebuild compares every decision with the log: none is missing, none is there twice.
    const rebuilt = await house.log((log) => rebuiltDump(log, house.folder, house.connection));
    await house.stop();
    expect(shown).toEqual(rebuilt);
    house.remove();
  }, 240_000);
});
