import type { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import { BINARY_CONTENT, envelopeOf, JSON_CONTENT } from './envelope';
import { type UuidForm, uuidMessage } from './uuid';
import { WireMessage } from './wire-message';

/** `created` counts steps of 100 ns since 1970. */
const TICKS_OF_A_MS = '0000';
const ENVELOPE_BYTES = 320;

/** Of RecordedEvent. */
const FIELD = { id: 1, stream: 2, revision: 3, prepare: 4, commit: 5, metadata: 6, custom: 7, data: 8 } as const;

/** Where an event stands, if not where the log has it. */
export interface Place {
  stream: string;
  revision: number | bigint;
}

/** Writes RecordedEvent messages for the events of one chunk after the other. */
export class EventEncoder {
  private readonly streamFields = new Map<string, Buffer>();
  private readonly kinds = new Map<string, Buffer>();
  private stamp = -1;
  private created: Buffer = Buffer.alloc(0);

  constructor(private readonly form: UuidForm) {}

  recorded(cursor: EventCursor, chunk: Pick<Chunk, 'stream' | 'recordedAt'>, place?: Place): WireMessage {
    const { json, metadata } = envelopeOf(cursor);
    const data = cursor.dataBytes;
    const message = new WireMessage(ENVELOPE_BYTES + chunk.stream.length + data.length + metadata.length)
      .message(FIELD.id, uuidMessage(cursor.id, this.form))
      .fields(this.streamField(place?.stream ?? chunk.stream))
      .uint(FIELD.revision, place?.revision ?? cursor.revision)
      .uint(FIELD.prepare, cursor.position)
      .uint(FIELD.commit, cursor.position)
      .fields(this.kind(cursor.type, json))
      .fields(this.createdAt(chunk.recordedAt));
    if (metadata.length > 0) message.bytes(FIELD.custom, metadata);
    return message.bytes(FIELD.data, data);
  }

  private streamField(stream: string): Buffer {
    return remember(this.streamFields, stream, () =>
      new WireMessage().message(FIELD.stream, streamIdentifier(stream)).encoded(),
    );
  }

  private kind(type: string, json: boolean): Buffer {
    return remember(this.kinds, `${json ? 'j' : 'b'}${type}`, () =>
      new WireMessage()
        .entry(FIELD.metadata, 'type', type)
        .entry(FIELD.metadata, 'content-type', json ? JSON_CONTENT : BINARY_CONTENT)
        .encoded(),
    );
  }

  private createdAt(recordedAt: number): Buffer {
    if (recordedAt !== this.stamp) {
      this.stamp = recordedAt;
      this.created = new WireMessage().entry(FIELD.metadata, 'created', `${recordedAt}${TICKS_OF_A_MS}`).encoded();
    }
    return this.created;
  }
}

export function streamIdentifier(stream: string): WireMessage {
  return new WireMessage(stream.length + 16).text(3, stream);
}

/** How many names are remembered; then all are forgotten, so that many streams cost no memory. */
const NAMES_MAX = 256;

function remember(known: Map<string, Buffer>, name: string, make: () => Buffer): Buffer {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= NAMES_MAX) known.clear();
  const made = make();
  known.set(name, made);
  return made;
}
