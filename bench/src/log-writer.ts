/** The log writer alone: groups of touchpoints, each group on disk before the next, against appending the same bytes to a plain file. */
import { EventPacker, type AppendRequest, SqliteLogWriter } from '@rapport/event-store';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GROUP_EVENTS = 400;
const PARTITIONS = 8;
const DATA_BYTES = 250;

export interface LogWriterBenchOptions {
  events?: number;
  groupEvents?: number;
  rounds?: number;
  /** For choosing settings; the defaults are what the store uses. */
  unsafe?: { pageBytes?: number; checkpointPages?: number };
}

export interface WriterFigure {
  eventsPerSecond: number;
  cpuMicrosPerEvent: number;
  p50Ms: number;
  p99Ms: number;
  bytesPerEvent: number;
}

export interface LogWriterBenchResult {
  log: WriterFigure;
  plainFile: WriterFigure;
  /** Events per second of the log, as a share of the plain file's. */
  ratio: number;
}

/** Medians of some rounds, the two taken in turns. */
export function runLogWriterBench(options: LogWriterBenchOptions = {}): LogWriterBenchResult {
  const { events = 200_000, groupEvents = GROUP_EVENTS, rounds = 3 } = options;
  const groups = Math.ceil(events / groupEvents);
  const logs: WriterFigure[] = [];
  const files: WriterFigure[] = [];
  for (let round = 0; round < rounds; round++) {
    files.push(measure(groups, groupEvents, plainFile));
    logs.push(measure(groups, groupEvents, (folder) => sqliteLog(folder, options.unsafe)));
  }
  const log = median(logs);
  const plain = median(files);
  return { log, plainFile: plain, ratio: log.eventsPerSecond / plain.eventsPerSecond };
}

interface Target {
  write(group: AppendRequest[]): void;
  close(): void;
}

function measure(groups: number, groupEvents: number, open: (folder: string) => Target): WriterFigure {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  const target = open(folder);
  const group = makeGroup(groupEvents);
  const bytes = group.reduce((sum, request) => sum + request.events.bytes.length, 0);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < groups; i++) {
    const begun = performance.now();
    target.write(group);
    times.push(performance.now() - begun);
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  target.close();
  rmSync(folder, { recursive: true, force: true });
  const events = groups * groupEvents;
  times.sort((a, b) => a - b);
  return {
    eventsPerSecond: events / seconds,
    cpuMicrosPerEvent: (user + system) / events,
    p50Ms: times[Math.floor(times.length / 2)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    bytesPerEvent: bytes / groupEvents,
  };
}

function sqliteLog(folder: string, unsafe: LogWriterBenchOptions['unsafe']): Target {
  const writer = new SqliteLogWriter(unsafe ? { folder, unsafe } : { folder });
  return {
    write: (group) => {
      for (const result of writer.commit(group)) if (!result.ok) throw new Error(`append failed: ${result.reason}`);
      writer.maintain();
    },
    close: () => writer.close(),
  };
}

function plainFile(folder: string): Target {
  const file = openSync(join(folder, 'plain'), 'a');
  return {
    write: (group) => {
      writeSync(file, Buffer.concat(group.map((request) => request.events.bytes)));
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

function makeGroup(groupEvents: number): AppendRequest[] {
  const data = JSON.stringify({ touchpointId: 'x'.repeat(DATA_BYTES - 19) });
  const id = Buffer.alloc(16, 7);
  const packer = new EventPacker();
  const group: AppendRequest[] = [];
  for (let partition = 0; partition < Math.min(PARTITIONS, groupEvents); partition++) {
    for (let i = partition; i < groupEvents; i += PARTITIONS)
      packer.addText('TouchpointRecorded', id, 1.7e12 + i, `customer-${i}`, data);
    group.push({ stream: `touchpoints-0${partition}`, expected: 'any', events: packer.take() });
  }
  return group;
}

function median(figures: WriterFigure[]): WriterFigure {
  const sorted = [...figures].sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
  return sorted[Math.floor(sorted.length / 2)] as WriterFigure;
}
