import { DECISION_TYPES } from '@rapport/engine';
import { CUSTOMER_ID_LENGTH_MAX, ENGAGEMENTS } from '@rapport/journey';
import { Problem } from '../http/problem';
import { AnyOf, Flag, Optional, Position, StartPoint, Text } from '../queries/parameter-rules';

export class StreamParameters {
  /** Where to start where nothing is resumed: after this position, now (the default), or at the beginning of the log. */
  @StartPoint()
  from: number | 'now' = 'now';

  /** Resume after this position, for clients that cannot send the header Last-Event-ID. */
  @Optional()
  @Position(0)
  lastEventId?: number;

  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;

  /** True: the chains that a settling restates come too. */
  @Flag()
  chains: boolean = false;
}

export class StageStreamParameters extends StreamParameters {
  @Optional()
  @AnyOf()
  to?: string[];
}

export class EngagementStreamParameters extends StreamParameters {
  @Optional()
  @AnyOf(ENGAGEMENTS)
  to?: string[];
}

export class DecisionStreamParameters extends StreamParameters {
  @Optional()
  @AnyOf(DECISION_TYPES)
  type?: string[];
}

/** The position to go on after. The header that a client sends by itself after a cut wins over what its URL says. */
export function startOf(asked: StreamParameters, lastEventIdHeader: string | undefined, head: number): number {
  const resumed =
    lastEventIdHeader === undefined || lastEventIdHeader === '' ? asked.lastEventId : headerPosition(lastEventIdHeader);
  const start = resumed ?? (asked.from === 'now' ? head : asked.from);
  if (start <= head) return start;
  const detail = `Position ${start} is beyond the head of this log, ${head}: it belongs to another store. Read the lists, then start with from=now.`;
  throw new Problem('positionAhead', detail, { members: { position: head } });
}

function headerPosition(header: string): number {
  const position = /^\d{1,16}$/.test(header) ? Number(header) : NaN;
  if (Number.isSafeInteger(position)) return position;
  const detail = 'must be the id of an event of this stream: a position of the log';
  throw new Problem('invalidParameter', `Last-Event-ID: ${detail}`, {
    errors: [{ pointer: 'Last-Event-ID', detail, code: 'invalid' }],
  });
}
