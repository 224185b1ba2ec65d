/** The path and parameters under which the HTTP API answers a query. */
import type { ChangesParams, CustomersParams, Query } from '@rapport/engine';
import { formatDuration } from '@rapport/journey';
import { path } from './path';
import { playPath } from './play-path';

const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

export function queryPath(query: Query): string {
  switch (query.name) {
    case 'customers':
      return customersPath(query.params);
    case 'customer':
      return `/v1/customers/${encodeURIComponent(query.params.customerId)}`;
    case 'why':
      return `/v1/customers/${encodeURIComponent(query.params.customerId)}/why`;
    case 'timeline': {
      const { customerId, limit, cursor } = query.params;
      return path(`/v1/customers/${encodeURIComponent(customerId)}/timeline`, { limit, cursor });
    }
    case 'standing': {
      const { stage, before, limit, cursor } = query.params;
      return path('/v1/stages/standing', { stage, before: iso(before), limit, cursor });
    }
    case 'stagesReport':
      return path('/v1/stages/report', { from: iso(query.params.from), until: iso(query.params.until) });
    case 'changes':
      return changesPath(query.params);
    case 'counts':
      return '/v1/counts';
    case 'parked':
      return path('/v1/parked', { ...query.params });
    case 'parkedAt':
      throw new Error('the API has no question for one parked input');
    case 'definition':
      return '/v1/definition';
    default:
      return playPath(query);
  }
}

function customersPath(params: CustomersParams): string {
  const { lastFrom, lastTo, sort, descending, inStageAtLeast, inStageAtMost, count, ...others } = params;
  return path('/v1/customers', {
    ...others,
    ...(count ? { count } : {}),
    inStageAtLeast: span(inStageAtLeast),
    inStageAtMost: span(inStageAtMost),
    lastTouchpointFrom: iso(lastFrom),
    lastTouchpointTo: iso(lastTo),
    sort: descending ? `-${sort}` : sort,
  });
}

function changesPath({ axis, atFrom, atUntil, ...others }: ChangesParams): string {
  const base = axis === 'stage' ? '/v1/stage-changes' : '/v1/engagement-changes';
  return path(base, { ...others, atFrom: iso(atFrom), atUntil: iso(atUntil) });
}

const span = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : formatDuration(ms));
