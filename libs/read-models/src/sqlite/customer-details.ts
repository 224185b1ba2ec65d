/**
 * The part of a customer's row that no index and no filter asks for, as one blob: engagementSince (f64, NaN = null),
 * touchpoints, bytes of the state, bytes of the tail (u32 each), state, tail, zeros. One value to bind for each row instead of four.
 * The zeros fill it up to whole steps: a row that keeps its size is written over where it stands, one that grows by a few bytes
 * with every touchpoint would have its page rearranged each time.
 */
import type { CustomerRow } from '../read-models';
import type { BytePacker } from './byte-pack';

export type CustomerDetails = Pick<CustomerRow, 'engagementSince' | 'touchpoints' | 'state' | 'tail'>;

const TOUCHPOINTS_AT = 8;
const STATE_BYTES_AT = 12;
const TAIL_BYTES_AT = 16;
const STATE_AT = 20;
const STEP_BYTES = 64;
const ZEROS = new Uint8Array(STEP_BYTES);

/** With its length before it. */
export function packDetails({ engagementSince, touchpoints, state, tail }: CustomerDetails, into: BytePacker): void {
  const bytes = STATE_AT + state.length + tail.length;
  const missing = (STEP_BYTES - (bytes % STEP_BYTES)) % STEP_BYTES;
  into.int(bytes + missing);
  into.number(engagementSince);
  into.int(touchpoints);
  into.int(state.length);
  into.int(tail.length);
  into.raw(state);
  into.raw(tail);
  into.raw(ZEROS.subarray(0, missing));
}

/** State and tail are views into the blob. */
export function readDetails(blob: Uint8Array): CustomerDetails {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const engagementSince = view.getFloat64(0, true);
  const tailAt = STATE_AT + view.getUint32(STATE_BYTES_AT, true);
  return {
    engagementSince: Number.isNaN(engagementSince) ? null : engagementSince,
    touchpoints: view.getUint32(TOUCHPOINTS_AT, true),
    state: blob.subarray(STATE_AT, tailAt),
    tail: blob.subarray(tailAt, tailAt + view.getUint32(TAIL_BYTES_AT, true)),
  };
}
