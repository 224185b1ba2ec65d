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

/** Where a page ended, and the moment that time in stage is measured at: the same on all pages of a list. */
interface Key {
  now: number;
  page: PageKey;
}

export function customers(asked: Asked, params: CustomersParams): QueryAnswer {
  const { cursor, limit, count, ...question } = params;
  const after = decodeCursor(question, cursor, isKey);
  const now = after?.now ?? asked.checkpoint.recordedAt;
  const filter = filterOf(params, now);
  const page = asked.models.customers(filter, params.sort, params.descending, after?.page, pageSize(limit));
  const next: Key | undefined = page.next && { now, page: page.next };
  return found(asked, {
    items: page.items.map(customerItem),
    ...(next && { nextCursor: encodeCursor(question, next) }),
    ...(count && { total: asked.models.count(filter) }),
  });
}

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

function isKey(key: unknown): key is Key {
  if (typeof key !== 'object' || key === null || !('now' in key) || !('page' in key)) return false;
  return Number.isSafeInteger(key.now) && isPageKey(key.page);
}

function isPageKey(key: unknown): key is PageKey {
  if (typeof key !== 'object' || key === null || !('customerId' in key) || !('value' in key)) return false;
  const { value, customerId } = key;
  return typeof customerId === 'string' && (value === null || typeof value === 'string' || Number.isFinite(value));
}
