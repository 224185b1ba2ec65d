/** What a template sees of why it is sent: the cause as the log has it, and the touchpoint behind it. */
import type { LogReader } from '@rapport/event-store';
import {
  type ActionRequested,
  type CompiledDefinition,
  decodeState,
  OUTCOME_TYPE_PREFIX,
  type PlayCause,
} from '@rapport/journey';
import type { CustomerRow, ReadModelQueries } from '@rapport/read-models';
import { journeyStateBytes } from '../loop/customer-record';
import { type KnownTouchpoint, knownTouchpoint } from '../queries/known-touchpoint';

/** `touchpoint` is absent where there is none: a template that reads it then fails, like with every other name. */
export type CauseView = PlayCause & {
  touchpoint?: Pick<KnownTouchpoint, 'type' | 'channel' | 'direction' | 'properties' | 'text'> & {
    id: string;
    /** ISO 8601, UTC: Liquid's `date` reads it. */
    occurredAt: string;
  };
};

export type CauseAt = (customerId: string, request: Pick<ActionRequested, 'play' | 'enrolment' | 'cause'>) => CauseView;

interface CauseSources {
  log: LogReader;
  models: ReadModelQueries;
  compiled: (version: number) => CompiledDefinition;
}

/** The touchpoint that set the action off; where a clock, a human or the delivery of an earlier action did, the one that set off the play. */
export function causeAtOf({ log, models, compiled }: CauseSources): CauseAt {
  return (customerId, { play, enrolment, cause }) =>
    models.snapshot(() => {
      const row = models.customer(customerId);
      if (!row) return { ...cause };
      const own = 'touchpointId' in cause ? knownTouchpoint(log, models, row, cause.touchpointId) : null;
      if (own && !own.type.startsWith(OUTCOME_TYPE_PREFIX)) return causeView(cause, own);
      const id = triggerOf(row, compiled, play, enrolment);
      const first = id === '' ? null : knownTouchpoint(log, models, row, id);
      return first ? causeView(cause, first) : { ...cause };
    });
}

export function causeView(cause: PlayCause, touchpoint: KnownTouchpoint): CauseView {
  const { touchpointId: id, type, channel, direction, occurredAt, properties, text } = touchpoint;
  const view = { id, type, channel, direction, occurredAt: new Date(occurredAt).toISOString(), properties };
  return { ...cause, touchpoint: { ...view, ...(text !== undefined && { text }) } };
}

/** Id of the touchpoint by which the enrolment was entered; '' = by another trigger, or it is over. */
export function triggerOf(
  row: CustomerRow,
  compiled: CauseSources['compiled'],
  play: string,
  enrolment?: number,
): string {
  const { plays } = decodeState(compiled(row.definitionVersion), journeyStateBytes(row.state));
  const entered = plays?.enrolments.find(
    (one) => one.play === play && (enrolment === undefined || one.enrolment === enrolment),
  );
  return entered?.triggerId ?? '';
}
