/** A customer's state as the rows hold it, and the moment at which its answers hold. */
import { decodeState, type JourneyState } from '@rapport/journey';
import type { CustomerRow } from '@rapport/read-models';
import { journeyStateBytes } from '../loop/customer-record';
import type { Asked } from './sources';

export function stateOf(asked: Asked, row: CustomerRow): JourneyState {
  const { compiled } = asked.sources.compiled(row.definitionVersion);
  return decodeState(compiled, journeyStateBytes(row.state));
}

/**
 * A moment at which the state's answers hold: now, but before the next one at which time alone may change them (its timer
 * fires first), and never before the moment that the present standing was decided at.
 */
export function momentOf(asked: Asked, row: CustomerRow): number {
  const now = asked.checkpoint.recordedAt;
  const moment = row.due === null ? now : Math.min(now, row.due - 1);
  return Math.max(moment, row.stageSince ?? moment, row.engagementSince ?? moment);
}
