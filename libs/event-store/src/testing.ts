/** For the specs of adapters. */
export { describeEventStore, type StoreUnderTest } from './event-store.contract';
