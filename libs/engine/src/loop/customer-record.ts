/** One customer as the engine holds it in memory, and its way into and out of a row of the read models. */
import {
  type CompiledDefinition,
  decodeProfile,
  decodeState,
  emptyProfile,
  emptyState,
  encodeProfile,
  type JourneyState,
  packState,
  type ProfileState,
} from '@rapport/journey';
import type { Axis, CounterRow, CustomerRow, ProfileRow, TimelineChunk } from '@rapport/read-models';
import { ByteReader, ByteWriter } from './byte-writer';
import { TouchpointList } from './touchpoint-list';

/** Version of the wrapper around the packed journey state. */
const ROW_FORMAT = 1;

export interface CustomerRecord {
  readonly no: number;
  readonly customerId: string;
  readonly partition: number;
  state: JourneyState;
  list: TouchpointList;
  /** Null until it is needed: most inputs do not touch it. */
  profile: ProfileState | null;
  kind: string;
  /** Engine time of the customer's last own input. */
  lastAt: number;
  /** Log position of the oldest history that waits for a settling; 0 = none. */
  unsettledSince: number;
  /** Log positions of the first live change of each axis; 0 = none yet. */
  firstLive: Record<Axis, number>;

  // What the next flush has to write.
  changed: boolean;
  profileChanged: boolean;
  newChunks: readonly TimelineChunk[];
  /** The kept counter that counts this customer; null = not counted yet. */
  counted: CounterRow | null;
  countedUnsettled: boolean;
  /** Number of the flush that wrote it last; the record is clean once that flush is done. */
  flush: number;
}

/** One for all: nearly nobody has any. */
export const NO_CHUNKS: readonly TimelineChunk[] = [];

export function newRecord(
  no: number,
  customerId: string,
  partition: number,
  compiled: CompiledDefinition,
): CustomerRecord {
  return {
    no,
    customerId,
    partition,
    state: emptyState(compiled),
    list: TouchpointList.empty(),
    profile: null,
    kind: 'person',
    lastAt: 0,
    unsettledSince: 0,
    firstLive: { stage: 0, engagement: 0 },
    changed: false,
    profileChanged: false,
    newChunks: NO_CHUNKS,
    counted: null,
    countedUnsettled: false,
    flush: 0,
  };
}

const writer = new ByteWriter();

/** The engine's part of the row: format, engine time, settling mark, first live changes, journey state. */
function encodeEngineState(record: CustomerRecord): Uint8Array {
  writer.reset();
  writer.varint(ROW_FORMAT);
  writer.varint(record.lastAt);
  writer.varint(record.unsettledSince);
  writer.varint(record.firstLive.stage);
  writer.varint(record.firstLive.engagement);
  writer.raw(packState(record.state));
  return writer.take();
}

/** The packed journey state inside a row's `state` blob. */
export function journeyStateBytes(rowState: Uint8Array): Uint8Array {
  const reader = new ByteReader(rowState);
  for (let field = 0; field < 5; field++) reader.varint();
  return reader.rest;
}

export function toRow(record: CustomerRecord): CustomerRow {
  const { state } = record;
  return {
    no: record.no,
    customerId: record.customerId,
    partition: record.partition,
    stage: state.stage,
    stageSince: state.stageSince,
    engagement: state.engagement,
    engagementSince: state.engagementSince,
    kind: record.kind,
    lastTouchpointAt: state.lastTouchpointAt ?? 0,
    lastChannel: state.lastChannel,
    touchpoints: state.touchpoints,
    due: state.due,
    unsettled: state.unsettled,
    definitionVersion: state.definitionVersion,
    state: encodeEngineState(record),
    tail: record.list.encodeTail(),
  };
}

export function toProfileRow(record: CustomerRecord): ProfileRow {
  const { traits, personal } = encodeProfile(record.profile ?? emptyProfile());
  return { no: record.no, customerId: record.customerId, traits, personal };
}

/** `compiledOf` gives the definition version that the row's state was folded under, `counted` the counter that counts it. */
export function fromRow(
  row: CustomerRow,
  compiledOf: (version: number) => CompiledDefinition,
  counted: CounterRow,
): CustomerRecord {
  const reader = new ByteReader(row.state);
  const format = reader.varint();
  if (format !== ROW_FORMAT)
    throw new Error(
      `row of customer ${row.customerId} has format ${format}, known is ${ROW_FORMAT}: rebuild the read models`,
    );
  const lastAt = reader.varint();
  const unsettledSince = reader.varint();
  const firstLive = { stage: reader.varint(), engagement: reader.varint() };
  return {
    no: row.no,
    customerId: row.customerId,
    partition: row.partition,
    state: decodeState(compiledOf(row.definitionVersion), reader.rest),
    list: TouchpointList.decode(row.tail),
    profile: null,
    kind: row.kind,
    lastAt,
    unsettledSince,
    firstLive,
    changed: false,
    profileChanged: false,
    newChunks: NO_CHUNKS,
    counted,
    countedUnsettled: row.unsettled,
    flush: 0,
  };
}

export function loadProfile(record: CustomerRecord, row: ProfileRow | null): ProfileState {
  record.profile = row ? decodeProfile(row.traits, row.personal) : emptyProfile();
  return record.profile;
}
