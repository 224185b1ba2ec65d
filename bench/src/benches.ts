/** Every bench, in the order in which they run. */
import type { Bench } from './figure';
import { GROWTH, KNOWN_CUSTOMERS, NEW_CUSTOMERS, SINGLES } from './ingest';
import { LATENCY } from './latency';

export const BENCHES: Bench[] = [NEW_CUSTOMERS, KNOWN_CUSTOMERS, SINGLES, LATENCY, GROWTH];
