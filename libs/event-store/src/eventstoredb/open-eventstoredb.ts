import { createRequire } from 'node:module';

import type { EventStoreDb, EventStoreDbOptions } from './eventstoredb.types';

/**
 * Connects to a server and checks that it will do. Throws ServerUnfit with what is wrong and how to mend it; Error for a faulty connection string. The client library
 * is loaded only here: whoever uses the embedded store never pays for it.
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDb> {
  const load = createRequire(__filename);
  const { EventStoreDbEventStore } = load('./eventstoredb-event-store') as typeof import('./eventstoredb-event-store');
  return EventStoreDbEventStore.open(options);
}
