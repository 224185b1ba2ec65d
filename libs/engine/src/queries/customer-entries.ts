import { listEntries } from '../loop/touchpoint-list';
import type { QueryAnswer } from '../rapport.types';
import { type Asked, found, notFound } from './sources';

/** Where the log holds a customer's folded touchpoints, after a position. */
export function customerEntries(asked: Asked, params: { customerId: string; after: number }): QueryAnswer {
  const row = asked.models.customer(params.customerId);
  if (!row) return notFound(asked);
  const { positions } = listEntries(row.tail, asked.models.chunks(row.no));
  return found(asked, { first: row.no, touchpoints: [...positions].filter((position) => position > params.after) });
}
