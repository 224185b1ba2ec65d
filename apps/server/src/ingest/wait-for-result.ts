/** Waiting for what a request amounts to: history is settled first, then the read models must show it all. */
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import type { Touchpoint } from '@rapport/journey';
import type { Journeys, Waited } from './ingest-answer';
import type { Deadline } from './prefer';

/** Customers that are asked for at one time: a bound for what one request puts in front of the query reader. */
const JOURNEYS_AT_ONCE = 32;

type Stored = Extract<IngestAnswer, { ok: true }>;

export async function waitForResult(
  engine: RapportEngine,
  touchpoints: Touchpoint[],
  stored: Stored,
  deadline: Deadline,
): Promise<Waited & { position: number }> {
  const position = await settleHistory(engine, touchpoints, stored.position);
  if (position === undefined || !(await engine.waitFor(position, deadline.leftMs()))) {
    return { waited: false, position: position ?? stored.position };
  }
  const outcomes = await engine.outcomes(stored.positions);
  const customers = [...new Set(touchpoints.map((touchpoint) => touchpoint.customerId))];
  return { waited: true, position, outcomes, journeys: await journeysOf(engine, customers) };
}

/** The position to wait for; undefined where the settling could not be asked for now. */
async function settleHistory(
  engine: RapportEngine,
  touchpoints: Touchpoint[],
  position: number,
): Promise<number | undefined> {
  const customers = new Set<string>();
  for (const touchpoint of touchpoints) if (touchpoint.history) customers.add(touchpoint.customerId);
  if (customers.size === 0) return position;
  const settled = await engine.settle([...customers]);
  return settled.ok ? Math.max(position, settled.position) : undefined;
}

async function journeysOf(engine: RapportEngine, customers: string[]): Promise<Journeys> {
  const found: [string, Journeys[string]][] = [];
  for (let i = 0; i < customers.length; i += JOURNEYS_AT_ONCE) {
    found.push(...(await Promise.all(customers.slice(i, i + JOURNEYS_AT_ONCE).map((id) => journeyOf(engine, id)))));
  }
  // Not by assignment: a customer may be called "__proto__".
  return Object.fromEntries(found);
}

async function journeyOf(engine: RapportEngine, customerId: string): Promise<[string, Journeys[string]]> {
  const answer = await engine.query({ name: 'customer', params: { customerId } });
  if (!answer.found) return [customerId, { stage: null, engagement: null }];
  const { stage, engagement } = JSON.parse(answer.json) as { stage: string | null; engagement: string | null };
  return [customerId, { stage, engagement }];
}
