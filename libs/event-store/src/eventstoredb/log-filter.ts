import { eventTypeFilter, excludeSystemEvents, type Filter, streamNameFilter } from '@eventstore/db-client';
import type { RecordedEvent } from '@eventstore/db-client';

import type { LogFilter } from '../event-store';

export function passes({ type, streamId }: Pick<RecordedEvent, 'type' | 'streamId'>, filter: LogFilter): boolean {
  const { types, streamPrefixes } = filter;
  if (types && !types.includes(type)) return false;
  return !streamPrefixes || streamPrefixes.some((prefix) => streamId.startsWith(prefix));
}

/**
 * The part of the filter that the server can apply: it takes one of streams and types, so the other half (and exact types) is left to `passes`. What it lets
 * through holds everything that passes.
 */
export function serverFilter(
  { types, streamPrefixes }: LogFilter,
  checkpointReached: Filter['checkpointReached'],
): Filter {
  if (streamPrefixes && streamPrefixes.length > 0)
    return streamNameFilter({ prefixes: streamPrefixes, checkpointReached });
  if (types && types.length > 0) return eventTypeFilter({ prefixes: types, checkpointReached });
  return excludeSystemEvents({ checkpointReached });
}
