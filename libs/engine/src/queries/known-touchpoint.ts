/** A touchpoint of a customer by its id, found as repeats are: by its hash in the customer's list, verified in the log. */
import type { LogReader, StoredEvent } from '@rapport/event-store';
import { decodeTouchpoint, joinPersonal } from '@rapport/journey';
import type { CustomerRow, ReadModelQueries } from '@rapport/read-models';
import { hashKeyNumber } from '../embedded/hash-key';
import { EVENT, type ParkedRetried } from '../loop/control-events';
import { TouchpointList, touchpointHash } from '../loop/touchpoint-list';
import type { PlayQuery } from '../plays.types';
import type { QueryAnswer } from '../rapport.types';
import { type Asked, found, notFound, textOfBytes } from './sources';

type TouchpointParams = Extract<PlayQuery, { name: 'touchpoint' }>['params'];

/** Not found where the customer, or this touchpoint, is not folded up to the position of the answer. */
export function touchpoint(asked: Asked, { customerId, touchpointId }: TouchpointParams): QueryAnswer {
  const row = asked.models.customer(customerId);
  const known = row && knownTouchpoint(asked.sources.log, asked.models, row, touchpointId);
  return known ? found(asked, { customerId, touchpointId, type: known.type }) : notFound(asked);
}

export type KnownTouchpoint = ReturnType<typeof joinPersonal>;

/** Null where it was never folded. */
export function knownTouchpoint(
  log: LogReader,
  models: ReadModelQueries,
  { no, tail }: CustomerRow,
  touchpointId: string,
): KnownTouchpoint | null {
  const list = TouchpointList.decode(tail);
  if (list.needsOlder) list.loadOlder(models.chunks(no));
  const positions = list.find(touchpointHash(touchpointId, hashKeyNumber(log.meta().hashKey))) ?? [];
  for (const position of positions) {
    const one = touchpointAt(log, position);
    if (one?.touchpointId === touchpointId) return one;
  }
  return null;
}

function touchpointAt(log: LogReader, position: number): KnownTouchpoint | null {
  const [event] = log.at([position]);
  if (!event) return null;
  if (event.type !== EVENT.parkedRetried) return wholeTouchpoint(event);
  return touchpointAt(log, (JSON.parse(textOfBytes(event.data)) as ParkedRetried).position);
}

export function wholeTouchpoint(event: StoredEvent): KnownTouchpoint {
  const folded = decodeTouchpoint(textOfBytes(event.data), event.occurredAt);
  return joinPersonal(folded, event.personal && textOfBytes(event.personal));
}
