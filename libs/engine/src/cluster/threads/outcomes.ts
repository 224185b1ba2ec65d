/** What became of inputs that are folded, as the read models of their customers show it. */
import type { ReadModelQueries } from '@rapport/read-models';
import { listEntries } from '../../loop/touchpoint-list';
import type { Outcome } from '../../rapport.types';

export interface InputOfCustomer {
  customerId: string;
  position: number;
}

/** Asked by the process itself, of inputs that it took. */
export interface OutcomesQuery {
  name: 'outcomes';
  params: { inputs: InputOfCustomer[] };
}

/** In the list of its customer = accepted; among the parked = parked; else it came before. */
export function outcomesOf(models: ReadModelQueries, inputs: readonly InputOfCustomer[]): Outcome[] {
  const folded = new Map<string, ReadonlySet<number>>();
  return inputs.map(({ customerId, position }) => {
    let positions = folded.get(customerId);
    if (!positions) folded.set(customerId, (positions = positionsOf(models, customerId)));
    if (positions.has(position)) return 'accepted';
    return models.parked(position - 1, 1)[0]?.position === position ? 'parked' : 'duplicate';
  });
}

function positionsOf(models: ReadModelQueries, customerId: string): ReadonlySet<number> {
  const row = models.customer(customerId);
  return new Set(row ? listEntries(row.tail, models.chunks(row.no)).positions : []);
}
