/** Numbers of people: who stands where, and who came and went in a period. */
import { ENGAGEMENTS } from '@rapport/journey';
import type { StageFlow } from '@rapport/read-models';
import { BadQuery, type QueryAnswer } from '../rapport.types';
import { type Asked, byStageOrder, definedStages, found, iso } from './sources';

export function stagesReport(asked: Asked, { from, until }: { from: number; until: number }): QueryAnswer {
  if (until <= from)
    throw new BadQuery('until', 'must be later than `from`: the period is from (included) until (excluded)');
  const stages = definedStages(asked);
  const flows = new Map<string, StageFlow>();
  for (const stage of stages) flows.set(stage, { stage, opening: 0, in: 0, out: 0, closing: 0 });
  for (const flow of asked.models.stageReport(from, until)) flows.set(flow.stage, flow);
  const order = byStageOrder(stages);
  const between = `atFrom=${encodeURIComponent(iso(from))}&atUntil=${encodeURIComponent(iso(until))}`;
  return found(asked, {
    from: iso(from),
    until: iso(until),
    stages: [...flows.values()].sort((a, b) => order(a.stage, b.stage)).map((flow) => withLinks(flow, between)),
  });
}

function withLinks(flow: StageFlow, between: string): object {
  const stage = encodeURIComponent(flow.stage);
  return {
    stage: flow.stage,
    opening: flow.opening,
    in: flow.in,
    out: flow.out,
    closing: flow.closing,
    links: {
      customers: `/v1/customers?stage=${stage}`,
      in: `/v1/stage-changes?to=${stage}&${between}`,
      out: `/v1/stage-changes?from=${stage}&${between}`,
    },
  };
}

interface Place {
  stage: string | null;
  engagement: string | null;
  customers: number;
}

export function counts(asked: Asked): QueryAnswer {
  const places = new Map<string, Place>();
  let total = 0;
  for (const row of asked.models.counters()) {
    const key = JSON.stringify([row.stage, row.engagement]);
    const place = places.get(key) ?? { stage: row.stage || null, engagement: row.engagement || null, customers: 0 };
    place.customers += row.customers;
    total += row.customers;
    places.set(key, place);
  }
  const order = byStageOrder(definedStages(asked));
  const stages = [...places.values()]
    .filter((place) => place.customers > 0)
    .sort((a, b) => order(a.stage, b.stage) || engagementPlace(a) - engagementPlace(b));
  return found(asked, { stages, total, unsettled: asked.models.unsettledCount() });
}

function engagementPlace({ engagement }: Place): number {
  return ENGAGEMENTS.findIndex((known) => known === engagement);
}
