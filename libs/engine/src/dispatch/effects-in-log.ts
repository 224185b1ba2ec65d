/** How far effects go as the log and the folder say it, where no dispatcher runs that could be asked. */
import type { Chunk, LogReader } from '@rapport/event-store';
import { Effects, effectsNow } from './effects';
import { placeOf, readInstance, unarmedBecause } from './instance';
import { EFFECTS_STREAM, type EffectsNow } from './instance.types';

const STREAM_READ_EVENTS = 10_000;

export function effectsInLog(folder: string, log: LogReader): EffectsNow {
  const effects = new Effects();
  for (const chunk of wholeStream(log, EFFECTS_STREAM)) effects.fold(chunk);
  const unarmed = unarmedBecause(readInstance(folder), effects.armed, placeOf(folder), log.head().position);
  return effectsNow(effects.set, unarmed);
}

/** For short streams: it holds them all. */
export function wholeStream(log: LogReader, stream: string): Chunk[] {
  const all: Chunk[] = [];
  for (let revision = 0; ;) {
    const chunks = log.streamChunks(stream, revision, STREAM_READ_EVENTS);
    const last = chunks.at(-1);
    if (!last) return all;
    all.push(...chunks);
    revision = last.firstRevision + last.count;
  }
}
