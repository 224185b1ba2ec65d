/** What queries read: the read models, the log for bodies and evidence, the definitions for what rules say. */
import type { LogReader, StoredEvent } from '@rapport/event-store';
import type { CompiledDefinition, Definition } from '@rapport/journey';
import type { Checkpoint, ReadModelQueries } from '@rapport/read-models';
import type { QueryAnswer } from '../rapport.types';

export interface QuerySources {
  models: ReadModelQueries;
  log: LogReader;
  partitionCount: number;
  compiled(version: number): { definition: Definition; compiled: CompiledDefinition; document: string };
  /** Newest version in the log. */
  latestDefinition(): number;
}

/** One query on one snapshot. */
export interface Asked {
  sources: QuerySources;
  models: ReadModelQueries;
  checkpoint: Checkpoint;
}

/** Rows of a page, at most. */
export const PAGE_ROWS_MAX = 500;

/** Rows of a page where the caller names none. */
export const PAGE_ROWS_DEFAULT = 50;

export function pageSize(limit: number | undefined): number {
  if (limit === undefined || Number.isNaN(limit)) return PAGE_ROWS_DEFAULT;
  return Math.max(1, Math.min(PAGE_ROWS_MAX, Math.floor(limit)));
}

/** The stages of the newest definition, lowest first; none while the log holds no definition. */
export function definedStages(asked: Asked): string[] {
  const version = asked.sources.latestDefinition();
  return version === 0 ? [] : asked.sources.compiled(version).definition.stages.map((stage) => stage.name);
}

/** Defined stages in their order, then those of older definitions by name, then null (no stage yet). */
export function byStageOrder(stages: string[]): (a: string | null, b: string | null) => number {
  const place = (stage: string | null): number => {
    if (stage === null) return stages.length + 1;
    const at = stages.indexOf(stage);
    return at < 0 ? stages.length : at;
  };
  return (a, b) => place(a) - place(b) || ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0);
}

export function iso(moment: number): string {
  return new Date(moment).toISOString();
}

export function isoOrNull(moment: number | null): string | null {
  return moment === null ? null : iso(moment);
}

export function found(asked: Asked, body: object): QueryAnswer {
  const { position, recordedAt } = asked.checkpoint;
  return { found: true, position, recordedAt, json: JSON.stringify({ ...body, position, asOf: iso(recordedAt) }) };
}

export function notFound(asked: Asked): QueryAnswer {
  const { position, recordedAt } = asked.checkpoint;
  return { found: false, position, recordedAt, json: '' };
}

/** The events at these positions; the read models never name a position that the log does not hold. */
export function eventsAt(asked: Asked, positions: number[]): StoredEvent[] {
  return asked.sources.log.at(positions).map((event, i) => {
    if (!event) throw new Error(`the log has no event at position ${positions[i]}, which the read models name`);
    return event;
  });
}

export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
