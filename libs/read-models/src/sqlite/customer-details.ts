/**
 * The part of a customer's row that no index and no filter asks for, as one blob: engagementSince (f64, NaN = null),
 * touchpoints (u32), length of the state (u32), state, tail. One value to bind for each row instead of four.
 */
import type { CustomerRow } from '../read-models';
import type { BytePacker } from './byte-pack';

export type CustomerDetails = Pick<CustomerRow, 'engagementSince' | 'touchpoints' | 'state' | 'tail'>;

const TOUCHPOINTS_AT = 8;
const STATE_LENGTH_AT = 12;
const STATE_AT = 16;

/** With its length before it. */
export function packDetails({ engagementSince, touchpoints, state, tail }: CustomerDetails, into: BytePacker): void {
  into.int(STATE_AT + state.length + tail.length);
  into.number(engagementSince);
  into.int(touchpoints);
  into.int(state.length);
  into.raw(state);
  into.raw(tail);
}

/** State and tail are views into the blob. */
export function readDetails(blob: Uint8Array): CustomerDetails {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const engagementSince = view.getFloat64(0, true);
  const tailAt = STATE_AT + view.getUint32(STATE_LENGTH_AT, true);
  return {
    engagementSince: Number.isNaN(engagementSince) ? null : engagementSince,
    touchpoints: view.getUint32(TOUCHPOINTS_AT, true),
    state: blob.subarray(STATE_AT, tailAt),
    tail: blob.subarray(tailAt),
  };
}
