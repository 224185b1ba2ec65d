/** A customer filter as conditions on the file's columns, and the indexes that could find its customers. */
import type { CustomerFilter } from '../read-models';
import type { NameReader } from './names';
import { COMMON_MARK } from './channel-members';
import { COMMON_KIND, COMMON_KIND_NUMBER, NO_MOMENT } from './schema';

/** A stage and an engagement, by their numbers. The indexes for lists are ordered within each. */
export type Cell = readonly [stage: number, engagement: number];

/** What finds customers, and the condition that it answers by itself. */
export interface Source {
  /** `INDEXED BY ...`, or `NOT INDEXED` where the condition names the customers by number. */
  access: string;
  where: string;
  /** What counts its entries, where that is not the condition itself. */
  entries?: string;
  /** Entries by which the source says that it does not hold all. */
  incomplete?: string;
}

export interface CompiledFilter {
  /** True where a name is asked for that no customer has ever had. */
  nothing: boolean;
  stages?: number[];
  engagements?: number[];
  /** Everything but stage and engagement; '' = no such condition. */
  residual: string;
  /** Of the residual: all but the bounds of that moment. */
  residualBesideLast: string;
  residualBesideSince: string;
  /** Bounds of the moments, both included. */
  last: Bounds;
  since: Bounds;
  /** Whether each moment has a bound of its own. */
  lastBounded: boolean;
  sinceBounded: boolean;
  /** Indexes other than those by cell that hold every match. */
  sources: Source[];
}

export interface Bounds {
  from: number;
  to: number;
}

export function compileFilter(filter: CustomerFilter, names: NameReader): CompiledFilter {
  const stages = numbersOf(filter.stages, names);
  const engagements = numbersOf(filter.engagements, names);
  const kinds = numbersOf(filter.kinds, names);
  const channels = numbersOf(filter.channels, names);
  const lastBounded = filter.lastFrom !== undefined || filter.lastTo !== undefined;
  const sinceBounded = filter.sinceFrom !== undefined || filter.sinceTo !== undefined;
  const last = { from: bound(filter.lastFrom, NO_MOMENT), to: bound(filter.lastTo, Number.MAX_SAFE_INTEGER) };
  // Who has no stage is not in any stage since a moment.
  const lowest = sinceBounded ? NO_MOMENT + 1 : NO_MOMENT;
  const since = { from: bound(filter.sinceFrom, lowest), to: bound(filter.sinceTo, Number.MAX_SAFE_INTEGER) };
  const others: string[] = [];
  if (kinds !== undefined) others.push(`kind IN (${kinds.join()})`);
  if (channels !== undefined) others.push(`last_channel IN (${channels.join()})`);
  if (filter.unsettled !== undefined) others.push(`unsettled = ${filter.unsettled ? 1 : 0}`);
  const lastTest = lastBounded ? [`last_touchpoint_at BETWEEN ${last.from} AND ${last.to}`] : [];
  const sinceTest = sinceBounded ? [`stage_since BETWEEN ${since.from} AND ${since.to}`] : [];
  return {
    nothing: [stages, engagements, kinds, channels].some((list) => list?.length === 0),
    ...(stages && { stages }),
    ...(engagements && { engagements }),
    residual: and([...others, ...lastTest, ...sinceTest]),
    residualBesideLast: and([...others, ...sinceTest]),
    residualBesideSince: and([...others, ...lastTest]),
    last,
    since,
    lastBounded,
    sinceBounded,
    sources: sourcesOf(filter, kinds, channels),
  };
}

function sourcesOf(filter: CustomerFilter, kinds?: number[], channels?: number[]): Source[] {
  const sources: Source[] = [];
  if (channels !== undefined) {
    sources.push(channelMembers(channels.join()));
  }
  if (kinds !== undefined && filter.kinds?.includes(COMMON_KIND) === false) {
    const where = `kind <> ${COMMON_KIND_NUMBER} AND kind IN (${kinds.join()})`;
    sources.push({ access: 'INDEXED BY customers_by_rare_kind', where });
  }
  if (filter.unsettled === true) sources.push({ access: 'INDEXED BY customers_unsettled', where: 'unsettled = 1' });
  return sources;
}

function channelMembers(channels: string): Source {
  const entries = `channel_members WHERE channel IN (${channels})`;
  return {
    access: 'NOT INDEXED',
    where: `no IN (SELECT no FROM ${entries}) AND last_channel IN (${channels})`,
    entries,
    incomplete: `${entries} AND no = ${COMMON_MARK}`,
  };
}

/** Conditions on stage and engagement as one text; '' = none. */
export function cellTest(filter: CompiledFilter): string {
  const tests: string[] = [];
  if (filter.stages) tests.push(`stage IN (${filter.stages.join()})`);
  if (filter.engagements) tests.push(`engagement IN (${filter.engagements.join()})`);
  return and(tests);
}

export function and(conditions: readonly string[]): string {
  return conditions.filter((condition) => condition !== '').join(' AND ');
}

/** `AND ...`, or nothing. */
export function andAlso(condition: string): string {
  return condition === '' ? '' : `AND ${condition}`;
}

function numbersOf(wanted: string[] | undefined, names: NameReader): number[] | undefined {
  if (wanted === undefined || wanted.length === 0) return undefined;
  return wanted.flatMap((name) => names.find(name) ?? []);
}

/** Bounds stand in the statement's text, so they must be whole numbers. */
function bound(value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const whole = Math.trunc(value);
  if (!Number.isSafeInteger(whole))
    throw new RangeError(`A moment must be a whole number of milliseconds, not ${value}.`);
  return whole;
}
