/** A stream for each customer, made of what the log holds of it: `customer-<id>`. */
import {
  type Chunk,
  type ChunkLog,
  EventCursor,
  type SqliteEventStore,
  type ViewEntries,
  type ViewStreams,
} from '@rapport/event-store';
import { journeyStream, OWN_STREAMS, partitionOf, touchpointStream } from '../partition';
import type { CustomerEntries, EntriesQuery, QueryAnswer, LogOffer, RapportEngine } from '../rapport.types';

const CUSTOMER_PREFIX = 'customer-';
/** How much of a partition's decisions is looked through at one time. */
const PAGE_BYTES = 1024 * 1024;
/** The engine is asked anew after this long; a rebuilt generation may have taken over meanwhile. */
const KNOWN_WAIT_MS = 5_000;

type Engine = Pick<RapportEngine, 'waitFor' | 'status'>;
type Ask = (query: EntriesQuery) => Promise<QueryAnswer>;

export function offerOf(store: SqliteEventStore, partitions: number, engine: Engine, ask: Ask): LogOffer {
  const { instanceId } = store.meta;
  return {
    log: store,
    instanceId,
    reserved: OWN_STREAMS,
    customers: new CustomerStreams(store, partitions, engine, ask),
  };
}

/**
 * The touchpoints that were folded and the decisions about the customer, in log order. It ends where the read models end: everything up to there is known, so
 * that what comes later only adds at the end and numbers stay.
 */
class CustomerStreams implements ViewStreams {
  readonly prefix = CUSTOMER_PREFIX;

  constructor(
    private readonly log: ChunkLog,
    private readonly partitions: number,
    private readonly engine: Engine,
    private readonly ask: Ask,
  ) {}

  async entries(name: string, after: number): Promise<ViewEntries | undefined> {
    const customerId = customerOf(name);
    const answer = await this.ask({ name: 'customerEntries', params: { customerId, after } });
    if (!answer.found) return undefined;
    const { first, touchpoints } = JSON.parse(answer.json) as CustomerEntries;
    const upTo = answer.position;
    const decisions = await this.decisions(customerId, Math.max(after, first - 1), upTo);
    return { positions: [...touchpoints, ...decisions].sort((a, b) => a - b), upTo };
  }

  sources(name: string): string[] {
    const partition = partitionOf(customerOf(name), this.partitions);
    return [touchpointStream(partition), journeyStream(partition)];
  }

  concerns(name: string, event: EventCursor): boolean {
    return event.subject === customerOf(name);
  }

  async knowsUpTo(position: number): Promise<void> {
    while (!(await this.engine.waitFor(position, KNOWN_WAIT_MS))) {
      const { unavailable } = this.engine.status();
      if (unavailable) throw new Error(`The engine has stopped: ${unavailable.detail}`);
    }
  }

  /** Positions of the decisions about the customer, after one position and up to another. */
  private async decisions(customerId: string, after: number, upTo: number): Promise<number[]> {
    const stream = journeyStream(partitionOf(customerId, this.partitions));
    const subject = Buffer.from(customerId);
    const found: number[] = [];
    for (let position = after; position < upTo;) {
      const chunks = await this.log.chunks(position, PAGE_BYTES, { streamPrefixes: [stream] });
      if (chunks.length === 0) break;
      for (const chunk of chunks) {
        position = chunk.firstPosition + chunk.count - 1;
        // Whole chunks are passed over without being read record by record: most say nothing about this customer.
        if (Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.length).includes(subject))
          found.push(...positionsAbout(chunk, customerId));
      }
    }
    return found.filter((position) => position <= upTo);
  }
}

function positionsAbout(chunk: Chunk, customerId: string): number[] {
  const cursor = new EventCursor().reset(chunk);
  const positions: number[] = [];
  while (cursor.next()) if (cursor.subject === customerId) positions.push(cursor.position);
  return positions;
}

function customerOf(name: string): string {
  return name.slice(CUSTOMER_PREFIX.length);
}
