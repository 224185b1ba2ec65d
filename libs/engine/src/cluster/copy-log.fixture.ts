/** A log's inputs, copied into a store with more partitions: original ids and stamps, control events at their places in each partition. */
import { type LogReader, pack, RunningLog, type SqliteLogWriter, type StoredEvent, unpack } from '@rapport/event-store';
import { EVENT } from '../loop/control-events';
import { partitionOf, streamRole, touchpointStream } from '../partition';

const READ_BYTES = 1 << 20;

/** `partitions` = a multiple of the source's: each of its partitions is then split, never mixed. */
export function copyInputs(source: LogReader, folder: string, partitions: number): void {
  const from = source.meta().partitions;
  if (partitions % from !== 0) throw new Error(`${partitions} is no multiple of ${from}`);
  let stamp = 0;
  const running = new RunningLog({ folder, partitions, now: () => stamp });
  const { writer } = running;
  /** Where an event of the source stands in each partition of the copy. */
  const places = new Map<string, number>();
  for (const event of allOf(source)) {
    stamp = event.recordedAt;
    const role = streamRole(event.stream);
    if (role === null) put(writer, event.stream, event);
    if (role?.role !== 'touchpoints') continue;
    for (const partition of targets(event, role.partition, from, partitions)) {
      const copied = { ...event, data: repointed(event, partition, places) };
      places.set(`${event.position}|${partition}`, put(writer, touchpointStream(partition), copied));
    }
  }
  running.close();
}

function targets(event: StoredEvent, partition: number, from: number, partitions: number): number[] {
  if (event.subject !== undefined) return [partitionOf(event.subject, partitions)];
  return Array.from({ length: partitions / from }, (_, i) => partition + i * from);
}

/** Control events name others by their positions: those of the copy's own partition. */
function repointed(event: StoredEvent, partition: number, places: Map<string, number>): Uint8Array {
  if (event.type === EVENT.touchpointRecorded) return event.data;
  const data = JSON.parse(Buffer.from(event.data).toString()) as { continues?: number; position?: number };
  for (const key of ['continues', 'position'] as const) {
    const at = data[key];
    // What was parked in another partition is parked nowhere here: a position that holds nothing.
    if (at !== undefined) data[key] = places.get(`${at}|${partition}`) ?? Number.MAX_SAFE_INTEGER;
  }
  return Buffer.from(JSON.stringify(data));
}

function put(writer: SqliteLogWriter, stream: string, event: StoredEvent): number {
  const [result] = writer.commit([{ stream, expected: 'any', events: pack([event]) }]);
  if (!result?.ok) throw new Error(`the copy could not be written: ${JSON.stringify(result)}`);
  return result.firstPosition;
}

function* allOf(log: LogReader): Generator<StoredEvent> {
  for (let position = 0; ;) {
    const chunks = log.chunks(position, READ_BYTES);
    if (chunks.length === 0) return;
    for (const chunk of chunks) yield* unpack(chunk);
    position = chunks.at(-1)!.firstPosition + chunks.at(-1)!.count - 1;
  }
}
