/** What every event store must do. Each adapter's spec runs it whole: `describeEventStore('sqlite', () => ...)`. */
import fc from 'fast-check';

import { appending } from './contract/appending';
import { content } from './contract/content';
import type { Context } from './contract/contract-events';
import { manyWriters } from './contract/many-writers';
import { reading } from './contract/reading';
import { subscribing } from './contract/subscribing';
import type { EventStore } from './event-store';

export interface StoreUnderTest {
  /** A new, empty store. */
  store: EventStore;
  /** Closes it and opens it again. */
  reopen(): Promise<EventStore>;
  remove(): Promise<void>;
  /** Positions of an embedded store have no gap; those of a server only ascend. Absent = without a gap. */
  positions?: 'gapless' | 'ascending';
}

/** Property tests append to real disks: few runs, many events in each. */
const RUNS = 8;
const WRITERS_MAX = 6;

export function describeEventStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the event store contract: ${name}`, () => {
    let under: StoreUnderTest;
    let store: EventStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.remove());

    const context: Context = { store: () => store, reopen: async () => (store = await under.reopen()) };
    describe('append', () => appending(context));
    describe('read', () => reading(context));
    describe('content', () => content(context));
    describe('subscribe', () => subscribing(context));
    it('keeps order and revisions without a gap under concurrent writers, and a subscriber sees each event once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: WRITERS_MAX }),
          (plans) => manyWriters(store, plans, under.positions ?? 'gapless'),
        ),
        { numRuns: RUNS },
      );
    }, 30_000);
  });
}
