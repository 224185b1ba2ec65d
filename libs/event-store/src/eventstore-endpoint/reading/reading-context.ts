import type { ChunkLog } from '../../chunk-log';
import { EventCursor } from '../../event-cursor';
import { EventPacker } from '../../event-packer';
import type { Chunk, PackedEvents, StoredEvent } from '../../event-store';
import type { ViewStreams } from '../endpoint.types';
import { ownerOf, type StreamStates, TOMBSTONE_REVISION, TOMBSTONE_TYPE } from '../streams/stream-states';
import { eventAnswer } from '../wire/read-answers';
import { EventEncoder, type Place } from '../wire/recorded-event';
import type { UuidForm } from '../wire/uuid';
import type { WireMessage } from '../wire/wire-message';
import type { Outlet } from './outlet';

/** What a read and a subscription work with. */
export interface ReadingContext {
  log: ChunkLog;
  states: StreamStates;
  views: ViewStreams | undefined;
  outlet: Outlet;
  form: UuidForm;
}

/** Makes the answers for events of the log. */
export class EventAnswers {
  private readonly encoder: EventEncoder;
  private readonly packed = new EventCursor();

  constructor(form: UuidForm) {
    this.encoder = new EventEncoder(form);
  }

  /** Of the event that the cursor stands on. */
  at(cursor: EventCursor, chunk: Pick<Chunk, 'stream' | 'recordedAt'>, place?: Place): Buffer {
    return eventAnswer(this.recorded(cursor, chunk, place), cursor.position);
  }

  /** An event that is an object. */
  of(event: StoredEvent, place?: Place): Buffer {
    return eventAnswer(this.recordedOf(event, place), event.position);
  }

  recordedOf(event: StoredEvent, place?: Place): WireMessage {
    const cursor = this.packed.resetPacked(packed(event), event.position, event.revision);
    cursor.next();
    return this.recorded(cursor, event, place);
  }

  recorded(cursor: EventCursor, chunk: Pick<Chunk, 'stream' | 'recordedAt'>, place?: Place): WireMessage {
    return this.encoder.recorded(cursor, chunk, place ?? tombstonePlace(cursor, chunk.stream));
  }
}

/** What was stored may be larger than what the port promises to take. */
function packed(event: StoredEvent): PackedEvents {
  const packer = new EventPacker(Infinity);
  packer.add(event);
  return packer.take();
}

/** Tombstones are kept beside the metadata, and shown as the last event of the stream that they end. */
function tombstonePlace(cursor: EventCursor, stream: string): Place | undefined {
  const owner = ownerOf(stream);
  if (owner === undefined || cursor.type !== TOMBSTONE_TYPE) return undefined;
  return { stream: owner, revision: TOMBSTONE_REVISION };
}
