/** Every decision, read from the log by its position: newest first, or from a position on. What one question looks through is bounded. */
import { type Chunk, type StoredEvent, unpack } from '@rapport/event-store';
import { JOURNEY_PREFIX, journeyStream, partitionOf } from '../partition';
import type { DecisionsParams } from '../plays.types';
import type { QueryAnswer } from '../rapport.types';
import { decodeCursor, encodeCursor } from './cursor';
import { CHAIN_TYPE, DECISION_TYPES, decisionItem } from './decision-item';
import { type Asked, found, notFound, pageSize, textOfBytes } from './sources';

/** Of packed decisions, for one page: a page may be short where few of them fit the filters. */
const LOOK_BYTES_MAX = 4 * 1024 * 1024;
const READ_BYTES = 256 * 1024;

/** A page that is not full may have a nextCursor all the same: there is more to look through. */
export function decisions(asked: Asked, params: DecisionsParams): QueryAnswer {
  const { limit, cursor, ...question } = params;
  const { customerId, after } = question;
  if (customerId !== undefined && asked.models.customer(customerId) === null) return notFound(asked);
  const key = decodeCursor(question, cursor, (value): value is number => Number.isSafeInteger(value));
  const backwards = after === undefined;
  const from = key ?? (backwards ? asked.sources.log.head().position + 1 : after);
  const look = new Look(asked, question, backwards, pageSize(limit));
  const next = look.from(from);
  return found(asked, {
    items: look.events.map(decisionItem),
    ...(next !== null && { nextCursor: encodeCursor(question, next) }),
  });
}

/** The newest that fit, in what one question looks through. */
export function newestDecisions(asked: Asked, filter: Filter, size: number): StoredEvent[] {
  const look = new Look(asked, filter, true, size);
  look.from(asked.sources.log.head().position + 1);
  return look.events;
}

type Filter = Pick<DecisionsParams, 'type' | 'customerId' | 'play'>;

class Look {
  readonly events: StoredEvent[] = [];
  private readonly types: ReadonlySet<string>;
  private readonly plays: ReadonlySet<unknown> | null;
  private readonly prefix: string;

  constructor(
    private readonly asked: Asked,
    private readonly filter: Filter,
    private readonly backwards: boolean,
    private readonly size: number,
  ) {
    const { type, customerId, play } = filter;
    this.types = new Set(type ?? DECISION_TYPES.filter((one) => one !== CHAIN_TYPE));
    this.plays = play === undefined ? null : new Set(play);
    const { partitionCount } = asked.sources;
    this.prefix = customerId === undefined ? JOURNEY_PREFIX : journeyStream(partitionOf(customerId, partitionCount));
  }

  /** Position to go on from; null = there is nothing more. */
  from(start: number): number | null {
    let at = start;
    for (let bytes = 0; bytes < LOOK_BYTES_MAX;) {
      const { backwards, prefix } = this;
      const chunks = this.asked.sources.log.chunks(at, READ_BYTES, { backwards, streamPrefixes: [prefix] });
      if (chunks.length === 0) return null;
      for (const chunk of chunks) {
        at = this.take(chunk);
        if (this.events.length === this.size) return at;
        bytes += chunk.bytes.length;
      }
    }
    return at;
  }

  /** Looks through a chunk until the page is full; the position that was looked at last. */
  private take(chunk: Chunk): number {
    const events = unpack(chunk);
    for (const event of this.backwards ? [...events].reverse() : events) {
      if (!this.wants(event)) continue;
      this.events.push(event);
      if (this.events.length === this.size) return event.position;
    }
    return this.backwards ? chunk.firstPosition : chunk.firstPosition + chunk.count - 1;
  }

  private wants(event: StoredEvent): boolean {
    const { customerId } = this.filter;
    if (!this.types.has(event.type) || (customerId !== undefined && event.subject !== customerId)) return false;
    return this.plays === null || this.plays.has((JSON.parse(textOfBytes(event.data)) as { play?: string }).play);
  }
}
