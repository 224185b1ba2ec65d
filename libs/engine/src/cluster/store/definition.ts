/** Brings the definition of this process and the log together, whoever else does so at the same time. */
import type { EventStore, LogReader } from '@rapport/event-store';
import type { GivenDefinition } from '../../embedded/definition-document';
import { firstAdoptions, PublishedMeanwhile, publishAtStart } from '../../embedded/definition-at-start';
import type { LogEntry } from '../../rapport.types';

/** Processes that start together publish the same file: the second try finds it there. */
const TRIES_MAX = 10;

/** Publishes what is new, and sees to it that every partition has adopted the first version before it takes touchpoints. */
export async function publishInCluster(
  store: EventStore,
  log: LogReader,
  given: GivenDefinition,
  say: (entry: LogEntry) => void,
): Promise<void> {
  const { partitions } = log.meta();
  await publish(store, log, partitions, given, say);
  const requests = firstAdoptions(partitions, Date.now()).filter(({ stream }) => log.streamHead(stream) < 0);
  if (requests.length === 0) return;
  for (const result of await store.append(requests)) {
    // Another process was there first: that is as good.
    if (result.ok || result.reason === 'wrongExpectedRevision') continue;
    throw new Error(`the first definition could not be adopted: ${result.detail}`);
  }
}

async function publish(
  store: EventStore,
  log: LogReader,
  partitions: number,
  given: GivenDefinition,
  say: (entry: LogEntry) => void,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await publishAtStart(store, log, partitions, given, say);
    } catch (error) {
      if (!(error instanceof PublishedMeanwhile) || tried === TRIES_MAX) throw error;
    }
  }
}
