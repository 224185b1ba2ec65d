/** What is settled with the log before the engine starts. */
import { openLogReader, type SqliteEventStore } from '@rapport/event-store';
import type { LogEntry } from '../rapport.types';
import { judgeClockAtStart } from './clock-at-start';
import { publishAtStart } from './definition-at-start';
import type { GivenDefinition } from './definition-document';

/** Answers the store's number of partitions. */
export async function prepareStore(
  store: SqliteEventStore,
  folder: string,
  given: GivenDefinition,
  say: (entry: LogEntry) => void,
): Promise<number> {
  const log = openLogReader(folder);
  try {
    const { partitions } = log.meta();
    await judgeClockAtStart(store, log, partitions, say);
    await publishAtStart(store, log, partitions, given, say);
    return partitions;
  } finally {
    log.close();
  }
}
