import { randomUUID } from 'node:crypto';
import { Customer, compiled, DAY, DEFAULT_DEFINITION, START } from './customer.fixture';
import { emptyState } from './journey-state';
import { UnreadableState } from './packed-bytes';
import { DEFAULT_STATE_BYTES_MAX, decodeState, encodeState } from './state-codec';

/** Every list as full as it gets: open complaints, named returns, two first changes, waiting history. */
function fullCustomer(id: () => string): Customer {
  const customer = new Customer();
  const send = (type: string, day: number, properties: Record<string, string | number> = {}) =>
    customer.live({ type, touchpointId: id(), channel: 'c'.repeat(64), properties }, START + day * DAY + 12_345_678);
  for (let i = 0; i < 12; i++) send('purchase.completed', i * 30, { value: 99_999.99, orderId: `o${i}` });
  for (let i = 0; i < 8; i++) send('purchase.returned', 365 + i, { returnOf: `unknown-${i}`, value: 1 });
  send('review.posted', 375, { rating: 5 });
  send('support.ticket.resolved', 376, { ticketId: 'r' });
  for (let i = 0; i < 9; i++) send('support.complaint.opened', 3_000 + i, { ticketId: `${i}${'t'.repeat(100)}` });
  send('purchase.completed', 9_000, { value: 1 });
  customer.history({ type: 'web.page.viewed', touchpointId: id() }, START - 20_000 * DAY, START + 9_001 * DAY);
  return customer;
}

describe('a packed state', () => {
  it('of the default definition keeps under its bound with every list full', () => {
    const { state } = fullCustomer(randomUUID);
    const { length } = encodeState(state);
    expect(length).toBeGreaterThan(DEFAULT_STATE_BYTES_MAX / 2);
    expect(length).toBeLessThanOrEqual(DEFAULT_STATE_BYTES_MAX);
    expect(decodeState(state.compiled, encodeState(state))).toEqual(state);
  });

  it('takes far less for a customer as most are', () => {
    const customer = new Customer();
    for (let i = 0; i < 10; i++)
      customer.live({ type: 'purchase.completed', touchpointId: randomUUID() }, START + i * 20 * DAY + 7_654_321);
    expect(encodeState(customer.state).length).toBeLessThan(250);
  });

  it('keeps ids of any characters', () => {
    let n = 0;
    const odd = ['\u00e9\u00ff', '\u4f60\u597d', '\ud83d\ude00', '\ud800', 'ABCDEFAB-0000-4000-8000-000000000000', 'x'];
    const { state } = fullCustomer(() => `${odd[n % odd.length] as string}${n++}`);
    expect(decodeState(state.compiled, encodeState(state))).toEqual(state);
  });

  it('is refused where it is cut, has too much, or belongs to another format or definition', () => {
    const bytes = encodeState(fullCustomer(randomUUID).state);
    for (const cut of [0, 1, 20, bytes.length - 1])
      expect(() => decodeState(compiled(), bytes.slice(0, cut))).toThrow(UnreadableState);
    expect(() => decodeState(compiled(), new Uint8Array([...bytes, 0]))).toThrow(UnreadableState);
    expect(() => decodeState(compiled(), new Uint8Array([9, ...bytes.slice(1)]))).toThrow(UnreadableState);
    expect(() => decodeState(compiled(DEFAULT_DEFINITION, 2), bytes)).toThrow(UnreadableState);
  });

  it('of nobody is small', () => {
    expect(encodeState(emptyState(compiled())).length).toBeLessThan(100);
  });
});
