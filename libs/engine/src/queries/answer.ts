/** One total record of queries: the compiler names the missing one. */
import type { EntriesQuery, Query, QueryAnswer } from '../rapport.types';
import { changes } from './change-bodies';
import { customer, why } from './customer-detail';
import { customerEntries } from './customer-entries';
import { customers } from './customer-list';
import { decodeCursor, encodeCursor } from './cursor';
import { decisions } from './decision-list';
import { touchpoint } from './known-touchpoint';
import { ledger, whyNot } from './play-customer';
import { action, actions, enrolments } from './play-lists';
import { play, plays } from './play-overview';
import { preview } from './play-preview';
import { counts, stagesReport, standing } from './reports';
import { type Asked, found, iso, notFound, pageSize, type QuerySources } from './sources';
import { timeline } from './timeline';

export type { QuerySources } from './sources';

type AnyQuery = Query | EntriesQuery;

type Answers = {
  [Name in AnyQuery['name']]: (asked: Asked, params: Extract<AnyQuery, { name: Name }>['params']) => QueryAnswer;
};

const answers: Answers = {
  customers,
  customer: (asked, { customerId }) => customer(asked, customerId),
  why: (asked, { customerId }) => why(asked, customerId),
  timeline,
  customerEntries,
  changes,
  stagesReport,
  standing,
  counts,
  parked,
  parkedAt,
  definition,
  plays,
  play,
  enrolments,
  actions,
  action,
  ledger,
  whyNot,
  decisions,
  touchpoint,
  preview,
};

/** Answers on one snapshot of the read models. Throws BadQuery for what the caller can mend. */
export function answer(query: AnyQuery, sources: QuerySources): QueryAnswer {
  const { models } = sources;
  return models.snapshot(() => {
    const checkpoint = models.checkpoint() ?? { position: 0, recordedAt: 0, engine: '{}' };
    const ask = answers[query.name] as (asked: Asked, params: AnyQuery['params']) => QueryAnswer;
    return ask({ sources, models, checkpoint }, query.params);
  });
}

function parked(asked: Asked, params: { limit: number; cursor?: string }): QueryAnswer {
  const question = { parked: true };
  const after = decodeCursor(question, params.cursor, (key): key is number => Number.isSafeInteger(key));
  const size = pageSize(params.limit);
  const rows = asked.models.parked(after ?? 0, size + 1);
  const page = rows.slice(0, size);
  return found(asked, {
    items: page.map((row) => ({
      position: row.position,
      customerId: row.customerId,
      touchpointId: row.touchpointId,
      reason: row.reason,
      detail: row.detail,
      parkedAt: iso(row.parkedAt),
    })),
    ...(rows.length > size && { nextCursor: encodeCursor(question, page.at(-1)!.position) }),
  });
}

function parkedAt(asked: Asked, { position }: { position: number }): QueryAnswer {
  const [row] = asked.models.parked(position - 1, 1);
  return row?.position === position
    ? found(asked, { customerId: row.customerId, touchpointId: row.touchpointId })
    : notFound(asked);
}

function definition(asked: Asked): QueryAnswer {
  const version = asked.sources.latestDefinition();
  if (version === 0) return notFound(asked);
  const { definition: parsed, document } = asked.sources.compiled(version);
  return found(asked, { name: parsed.name, version, stages: parsed.stages.map((stage) => stage.name), document });
}
