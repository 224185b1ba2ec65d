import type { CustomerFilter, CustomerSummary, PageKey } from '@rapport/read-models';
import type { CustomersParams, QueryAnswer } from '../rapport.types';
import { decodeCursor, encodeCursor } from './cursor';
import { type Asked, found, iso, isoOrNull, pageSize } from './sources';

export function customerItem(row: CustomerSummary): object {
  return {
    customerId: row.customerId,
    stage: row.stage,
    stageSince: isoOrNull(row.stageSince),
    engagement: row.engagement,
    engagementSince: isoOrNull(row.engagementSince),
    kind: row.kind,
    lastTouchpointAt: iso(row.lastTouchpointAt),
    lastChannel: row.lastChannel,
    touchpoints: row.touchpoints,
    unsettled: row.unsettled,
  };
}

export function customers(asked: Asked, params: CustomersParams): QueryAnswer {
  const { cursor, limit, ...question } = params;
  const filter = filterOf(params, asked.checkpoint.recordedAt);
  const after = decodeCursor(question, cursor, isPageKey);
  const page = asked.models.customers(filter, params.sort, params.descending, after, pageSize(limit));
  return found(asked, {
    items: page.items.map(customerItem),
    ...(page.next && { nextCursor: encodeCursor(question, page.next) }),
    ...(params.count && { total: asked.models.count(filter) }),
  });
}

/** Time in stage is measured at the answer's own moment. */
function filterOf(params: CustomersParams, now: number): CustomerFilter {
  return {
    stages: params.stage,
    engagements: params.engagement,
    kinds: params.kind,
    channels: params.channel,
    sinceFrom: params.inStageAtMost === undefined ? undefined : now - params.inStageAtMost,
    sinceTo: params.inStageAtLeast === undefined ? undefined : now - params.inStageAtLeast,
    lastFrom: params.lastFrom,
    lastTo: params.lastTo,
  };
}

function isPageKey(key: unknown): key is PageKey {
  if (typeof key !== 'object' || key === null || !('customerId' in key) || !('value' in key)) return false;
  const { value, customerId } = key;
  return typeof customerId === 'string' && (value === null || typeof value === 'string' || Number.isFinite(value));
}
