import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';

import type { EventCursor } from '../../event-cursor';
import { badRequest } from '../endpoint-error';
import type { FilterSettings } from '../persistent/group-settings';

const FILTER_CHARS_MAX = 10_000;
const PREFIXES_MAX = 1_000;
/** Records searched for each unit of the checkpoint interval where the request names no window. */
const WINDOW_DEFAULT = 32;

/** What of $all is wanted. */
export interface EventFilter {
  /** Pushed down: only streams whose name begins with one of these are looked at. */
  streamPrefixes?: string[];
  stream(name: string): boolean;
  event(cursor: EventCursor): boolean;
  /** Records searched from one checkpoint to the next. */
  checkpointRecords: number;
}

const EVERYTHING: EventFilter = { stream: () => true, event: () => true, checkpointRecords: Infinity };

/** What both Streams/Read and persistent subscriptions call a filter. */
interface Expression {
  getRegex(): string;
  getPrefixList(): string[];
}
interface FilterOptions {
  getStreamIdentifier(): Expression | undefined;
  getEventType(): Expression | undefined;
  hasMax(): boolean;
  getMax(): number;
  getCheckpointintervalmultiplier(): number;
}

export function filterOf(options: FilterOptions | ReadReq.Options.FilterOptions | undefined): EventFilter {
  if (options === undefined) return EVERYTHING;
  const window = options.hasMax() ? Math.max(1, options.getMax()) : WINDOW_DEFAULT;
  const checkpointRecords = window * Math.max(1, options.getCheckpointintervalmultiplier());
  const streams = options.getStreamIdentifier();
  const types = options.getEventType();
  const filter: EventFilter = { ...EVERYTHING, checkpointRecords };
  if (streams !== undefined) {
    filter.stream = matcher(streams);
    if (streams.getRegex() === '') filter.streamPrefixes = streams.getPrefixList();
  }
  if (types !== undefined) {
    const matches = matcher(types);
    filter.event = (cursor) => matches(cursor.type);
  }
  return filter;
}

/** As a persistent subscription keeps it; absent = everything. */
export function filterFrom(settings: FilterSettings | undefined): EventFilter {
  if (settings === undefined) return EVERYTHING;
  const matches = matcher({ getRegex: () => settings.regex, getPrefixList: () => settings.prefixes });
  if (settings.of === 'type') return { ...EVERYTHING, event: (cursor) => matches(cursor.type) };
  const filter: EventFilter = { ...EVERYTHING, stream: matches };
  if (settings.regex === '') filter.streamPrefixes = settings.prefixes;
  return filter;
}

function matcher(expression: Expression): (text: string) => boolean {
  const regex = expression.getRegex();
  const prefixes = expression.getPrefixList();
  if (regex.length > FILTER_CHARS_MAX || prefixes.length > PREFIXES_MAX)
    throw badRequest(`A filter has at most ${FILTER_CHARS_MAX} letters or ${PREFIXES_MAX} prefixes.`);
  if (regex === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  const expressionOf = compiled(regex);
  return (text) => expressionOf.test(text);
}

function compiled(regex: string): RegExp {
  try {
    return new RegExp(regex);
  } catch (error) {
    throw badRequest(`The filter /${regex}/ is no regular expression: ${String(error)}.`);
  }
}
