/** For the specs of adapters. */
export { describeEventStore, type StoreUnderTest } from './event-store.contract';
export { openTestEndpoint, type TestEndpoint } from './eventstore-endpoint/endpoint.fixture';
export { EndpointProcess } from './eventstore-endpoint/endpoint-process.fixture';
