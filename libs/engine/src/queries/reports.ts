/** Numbers of people: who stands where, and who came and went in a period. */
import { ENGAGEMENTS } from '@rapport/journey';
import type { StageFlow } from '@rapport/read-models';
import { BadQuery, type QueryAnswer } from '../rapport.types';
import { decodeCursor, encodeCursor } from './cursor';
import { type Asked, byStageOrder, definedStages, found, iso, pageSize } from './sources';

export function stagesReport(asked: Asked, { from, until }: { from: number; until: number }): QueryAnswer {
  if (until <= from)
    throw new BadQuery('until', 'must be later than `from`: the period is from (included) until (excluded)');
  const stages = definedStages(asked);
  const flows = new Map<string, StageFlow>();
  for (const stage of stages) flows.set(stage, { stage, opening: 0, in: 0, out: 0, closing: 0 });
  for (const flow of asked.models.stageReport(from, until)) flows.set(flow.stage, flow);
  const order = byStageOrder(stages);
  return found(asked, {
    from: iso(from),
    until: iso(until),
    stages: [...flows.values()]
      .sort((a, b) => order(a.stage, b.stage))
      .map((flow) => withLinks(flow, iso(from), iso(until))),
  });
}

function withLinks(flow: StageFlow, from: string, until: string): object {
  const between = `atFrom=${encodeURIComponent(from)}&atUntil=${encodeURIComponent(until)}`;
  const stage = encodeURIComponent(flow.stage);
  const standing = `/v1/stages/standing?stage=${stage}&before=`;
  return {
    stage: flow.stage,
    opening: flow.opening,
    in: flow.in,
    out: flow.out,
    closing: flow.closing,
    links: {
      opening: `${standing}${encodeURIComponent(from)}`,
      in: `/v1/stage-changes?to=${stage}&${between}`,
      out: `/v1/stage-changes?from=${stage}&${between}`,
      closing: `${standing}${encodeURIComponent(until)}`,
    },
  };
}

/** Who stood on a stage just before a moment: the people behind an opening or a closing. */
export function standing(
  asked: Asked,
  params: { stage: string; before: number; limit: number; cursor?: string },
): QueryAnswer {
  const { stage, before } = params;
  const question = { standing: stage, before };
  const after = decodeCursor(question, params.cursor, (key): key is number => Number.isSafeInteger(key));
  const page = asked.models.standing(stage, before, after ?? 0, pageSize(params.limit));
  return found(asked, {
    items: page.items.map((one) => ({ customerId: one.customerId, stage, since: iso(one.since) })),
    ...(page.next !== undefined && { nextCursor: encodeCursor(question, page.next) }),
  });
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
