/**
 * A state in bytes, for the read models: the same facts give the same bytes. Moments are kept as differences to the first
 * touchpoint; what can be derived (day numbers, the usual gap) is derived again.
 *
 * Bound, whatever the length of the history: a state of the default definition takes at most DEFAULT_STATE_BYTES_MAX bytes
 * where touchpoint ids are UUIDs; it names at most 13 ids, and longer ones add what they are longer. A definition with
 * windowed sums or shares adds a few bytes for each day of the window, one with "at least n" about 20 for each of the n.
 */
import { decodePlays, encodePlays } from '../plays/state/play-codec';
import type { CompiledDefinition } from './compile-definition';
import { Num, NumKind } from './facts-layout';
import { medianGap } from './fold';
import { emptyState, type JourneyState, type OpenComplaint, type StandingChange } from './journey-state';
import { PackedReader, PackedWriter, UnreadableState } from './packed-bytes';

const FORMAT = 1;
/** With plays behind it, so that a state that is cut before them is not taken for one that has none. */
const FORMAT_WITH_PLAYS = 2;
/** A typical customer takes 150 to 250. */
export const DEFAULT_STATE_BYTES_MAX = 800;

const writer = new PackedWriter();

/** A standing change by its byte: none, the first of several, or not. */
const CHANGES = [null, false, true];

/** Bytes of their own. */
export function encodeState(state: JourneyState): Uint8Array {
  return Uint8Array.from(packState(state));
}

/** The same bytes as a view that is good until the next call. */
export function packState(state: JourneyState): Uint8Array {
  const { nums, strings, compiled } = state;
  const kinds = compiled.layout.kinds;
  const base = baseOf(nums);
  writer.begin();
  // States without plays keep their bytes: those of stores from before plays are read as they are.
  writer.byte(state.plays === null ? FORMAT : FORMAT_WITH_PLAYS);
  writer.integer(compiled.version);
  writer.integer(base);
  for (let i = 0; i < nums.length; i++) {
    switch (kinds[i]) {
      case NumKind.Whole:
        writer.integer(nums[i]!);
        break;
      case NumKind.Moment:
        writeMoment(nums[i]!, base);
        break;
      case NumKind.Day:
        writeMoment(nums[i]!, dayOf(base));
        break;
      default:
    }
  }
  writer.text(state.lastChannel);
  writer.text(state.newestInboundId);
  for (let i = 0; i < strings.length; i++) writer.text(strings[i]!);
  writeChange(state.firstStage, base);
  writeChange(state.firstEngagement, base);
  writeComplaints(state.complaints, base);
  writer.integer(state.returned?.length ?? 0);
  for (const hash of state.returned ?? []) writer.integer(hash);
  for (const list of state.daily ?? []) writeDays(list, dayOf(base));
  if (state.plays !== null) encodePlays(state.plays, writer, base);
  return writer.view();
}

/** Throws an UnreadableState for bytes of another format or definition version, or cut ones. */
export function decodeState(compiled: CompiledDefinition, bytes: Uint8Array): JourneyState {
  const reader = new PackedReader(bytes);
  const format = reader.byte();
  if (format !== FORMAT && format !== FORMAT_WITH_PLAYS)
    throw new UnreadableState(`State format ${format}; this version reads ${FORMAT_WITH_PLAYS} at most. Rebuild.`);
  const version = reader.integer();
  if (version !== compiled.version)
    throw new UnreadableState(`State of definition version ${version}, read under ${compiled.version}.`);
  const state = emptyState(compiled);
  const base = reader.integer();
  readNums(state, reader, base);
  const strings = state.strings;
  state.lastChannel = reader.text();
  state.newestInboundId = reader.text();
  for (let i = 0; i < strings.length; i++) strings[i] = reader.text();
  state.firstStage = readChange(reader, base);
  state.firstEngagement = readChange(reader, base);
  state.complaints = readComplaints(reader, base);
  const returned = reader.count();
  if (returned > 0) state.returned = Array.from({ length: returned }, () => reader.integer());
  for (const list of state.daily ?? []) readDays(reader, list, dayOf(base));
  if (format === FORMAT_WITH_PLAYS) state.plays = decodePlays(compiled, reader, base);
  if (!reader.atEnd) throw new UnreadableState('Bytes are left after the packed state.');
  return state;
}

function readNums(state: JourneyState, reader: PackedReader, base: number): void {
  const { nums, compiled } = state;
  const { kinds, all } = compiled.layout;
  for (let i = 0; i < nums.length; i++) {
    if (kinds[i] === NumKind.Whole) nums[i] = reader.integer();
    else if (kinds[i] === NumKind.Moment) nums[i] = readMoment(reader, base, nums[i]!);
    else if (kinds[i] === NumKind.Day) nums[i] = readMoment(reader, dayOf(base), nums[i]!);
  }
  for (const facts of all) {
    for (let i = facts.days; i < facts.days + facts.daysKept; i++)
      if (nums[i] !== -Infinity) nums[i + facts.daysKept] = compiled.calendar.day(nums[i]!);
  }
  nums[Num.MedianGap] = medianGap(state);
}

function baseOf(nums: number[]): number {
  const first = nums[Num.FirstAt]!;
  return first === Infinity ? 0 : first;
}

function dayOf(base: number): number {
  return Math.floor(base / 86_400_000);
}

/** 0 = none; else the difference, moved away from 0. */
function writeMoment(moment: number, base: number): void {
  if (moment === Infinity || moment === -Infinity) return writer.integer(0);
  const difference = moment - base;
  writer.integer(difference >= 0 ? difference + 1 : difference);
}

function readMoment(reader: PackedReader, base: number, none: number): number {
  const read = reader.integer();
  if (read === 0) return none;
  return base + (read > 0 ? read - 1 : read);
}

function writeChange(change: StandingChange | null, base: number): void {
  writer.byte(change === null ? 0 : change.more ? 2 : 1);
  if (change === null) return;
  writer.text(change.from ?? '');
  writer.text(change.to);
  writeMoment(change.at, base);
}

function readChange(reader: PackedReader, base: number): StandingChange | null {
  const more = reader.choice(CHANGES);
  if (more === null) return null;
  return { from: reader.text() || null, to: reader.text(), at: readMoment(reader, base, 0), more };
}

function writeComplaints(complaints: OpenComplaint[] | null, base: number): void {
  writer.integer(complaints?.length ?? 0);
  for (const one of complaints ?? []) {
    writer.text(one.id);
    writeMoment(one.at, base);
    writer.text(one.ticket);
  }
}

function readComplaints(reader: PackedReader, base: number): OpenComplaint[] | null {
  const count = reader.count();
  if (count === 0) return null;
  return Array.from({ length: count }, () => ({
    id: reader.text(),
    at: readMoment(reader, base, 0),
    ticket: reader.text(),
  }));
}

function writeDays(list: number[], baseDay: number): void {
  writer.integer(list.length / 2);
  let before = baseDay;
  for (let i = 0; i < list.length; i += 2) {
    writer.integer(list[i]! - before);
    writer.integer(list[i + 1]!);
    before = list[i]!;
  }
}

function readDays(reader: PackedReader, list: number[], baseDay: number): void {
  let day = baseDay;
  for (let left = reader.count(); left > 0; left--) {
    day += reader.integer();
    list.push(day, reader.integer());
  }
}
