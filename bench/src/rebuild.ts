/** Folding the whole log again into new read models, beside reading and parsing the log alone. */
import { join } from 'node:path';
import { EventCursor, openLogReader } from '@rapport/event-store';
import { rapport, type Ran } from './command';
import type { Bench, BenchContext, Measurement } from './figure';
import { batches, ingest } from './ingest';
import { ServerProcess } from './server-process';
import { parseMicroseconds } from './yardsticks';

const READ_BYTES = 4 * 1024 * 1024;
const SMALL = 100_000;
/** Comparing with the live read models reads both files again: that is a check, not the rebuild. */
const REBUILD_COMMAND = ['rebuild', '--no-compare', '--json', '--data'];

/** A store that took this many live touchpoints of so many customers over HTTP. */
export async function fillStore(data: string, touchpoints: number, customers: number): Promise<void> {
  const server = await ServerProcess.start({ data });
  try {
    const first = Math.min(touchpoints, customers);
    await ingest(server, batches(first, { from: 0, count: customers, order: 'sequence' }));
    const rest = touchpoints - first;
    if (rest > 0) await ingest(server, batches(rest, { from: 0, count: customers, order: 'random' }));
  } finally {
    await server.stop();
  }
}

/** Microseconds for each touchpoint of reading every event and parsing the data of the touchpoints. */
function readAlone(data: string): { microseconds: number; touchpoints: number } {
  const started = performance.now();
  const reader = openLogReader(data);
  const cursor = new EventCursor();
  let touchpoints = 0;
  let after = 0;
  let keys = 0;
  for (;;) {
    const chunks = reader.chunks(after, READ_BYTES);
    if (chunks.length === 0) break;
    for (const chunk of chunks) {
      cursor.reset(chunk);
      while (cursor.next()) {
        if (cursor.type !== 'TouchpointRecorded') continue;
        keys += (JSON.parse(cursor.data) as { type: string }).type.length;
        touchpoints += 1;
      }
      after = chunk.firstPosition + chunk.count - 1;
    }
  }
  reader.close();
  if (keys === 0) throw new Error('The log holds no touchpoints.');
  return { microseconds: ((performance.now() - started) * 1000) / touchpoints, touchpoints };
}

interface Rebuilt {
  /** As the command says: the fold, the indexes and the switch, without the start of the program. */
  microseconds: number;
  cpuMicroseconds: number;
  readMicroseconds: number;
  peakMb: number;
}

async function measure(
  context: BenchContext,
  name: string,
  touchpoints: number,
  customers: number,
  start: Ran,
): Promise<Rebuilt> {
  const data = join(context.folder, name);
  await fillStore(data, touchpoints, customers);
  const read = readAlone(data);
  const ran = await rapport([...REBUILD_COMMAND, data], context.profileFolder);
  const { seconds } = JSON.parse(ran.output.slice(ran.output.indexOf('{'))) as { seconds: number };
  const microseconds = (seconds * 1e6) / touchpoints;
  const cpuMicroseconds = ((ran.cpuSeconds - start.cpuSeconds) * 1e6) / touchpoints;
  return { microseconds, cpuMicroseconds, readMicroseconds: read.microseconds, peakMb: ran.peakMb };
}

async function rebuild(context: BenchContext): Promise<Measurement> {
  const events = context.long ? 10_000_000 : context.quick ? 300_000 : 1_000_000;
  const customers = context.long ? 1_000_000 : events / 10;
  const empty = join(context.folder, 'empty');
  await (await ServerProcess.start({ data: empty })).stop();
  const start = await rapport([...REBUILD_COMMAND, empty]);
  const small = await measure(context, 'small', SMALL, SMALL / 10, start);
  const large = await measure(context, 'large', events, customers, start);
  context.note(`0.1 M: ${small.microseconds.toFixed(2)} us each`);
  return {
    perSecond: 1e6 / large.microseconds,
    growth: large.microseconds / small.microseconds,
    overReading: large.microseconds / large.readMicroseconds,
    readPerSecond: 1e6 / large.readMicroseconds,
    peakMb: large.peakMb,
    cpuMicroseconds: large.cpuMicroseconds,
    parse: parseMicroseconds(),
    events,
  };
}

export const REBUILD: Bench = {
  name: 'rebuild',
  title: 'Rebuild of 1 M touchpoints (10 M of 1 M customers with --long), timeline and evidence included',
  runs: 1,
  figures: [
    {
      key: 'perSecond',
      title: 'rebuild',
      unit: 'touchpoints/s',
      atLeast: 120_000,
      beside: (m) =>
        `${m.overReading!.toFixed(1)} x of reading and parsing the log alone (${Math.round(m.readPerSecond!)} /s), ${m.events! / 1e6} M; ${m.cpuMicroseconds!.toFixed(1)} us CPU each, ${(m.cpuMicroseconds! / m.parse!).toFixed(1)} x yardstick`,
    },
    { key: 'growth', title: 'its time per touchpoint against 0.1 M', unit: 'x', atMost: 1.5 },
    { key: 'peakMb', title: 'its peak memory', unit: 'MB', atMost: 1_024 },
  ],
  run: rebuild,
};
