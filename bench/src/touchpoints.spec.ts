import { RequestWriter } from './load/request-pool';
import { customerId, seeded, template, TOUCHPOINT_BYTES } from './touchpoints';

interface Sent {
  touchpointId: string;
  customerId: string;
  occurredAt: string;
  type: string;
}

const PLAN = { port: 1, batch: 100, connections: 1, total: 0, seed: 7 };

function bodyOf(bytes: Buffer): Sent[] {
  const text = bytes.toString('latin1');
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Sent[];
}

describe('the touchpoints of the benches', () => {
  it('all have the same size, and parse', () => {
    const random = seeded(3);
    const sizes = new Set(Array.from({ length: 500 }, () => JSON.stringify(JSON.parse(template(random).text)).length));
    expect([...sizes]).toEqual([TOUCHPOINT_BYTES]);
  });

  it('come in the named mix', () => {
    const random = seeded(4);
    const types = Array.from({ length: 5_000 }, () => (JSON.parse(template(random).text) as Sent).type);
    const purchases = types.filter((type) => type === 'purchase.completed').length / types.length;
    expect(purchases).toBeGreaterThan(0.13);
    expect(purchases).toBeLessThan(0.17);
  });

  it('get ids of their own and the chosen customers each time a request is used again', () => {
    // Given one request that is sent twice
    const writer = new RequestWriter({ ...PLAN, customers: { from: 5, count: 150, order: 'sequence' } });
    const request = writer.build();
    // When it is renewed
    writer.renew(request);
    const first = bodyOf(request.bytes);
    writer.renew(request);
    const second = bodyOf(request.bytes);
    // Then no id comes twice, and the customers go on where they stopped
    expect(new Set([...first, ...second].map((sent) => sent.touchpointId)).size).toBe(200);
    expect(first[0]?.customerId).toBe(customerId(5));
    expect(second[0]?.customerId).toBe(customerId(105));
    expect(second[99]?.customerId).toBe(customerId(54));
    expect(Math.abs(Date.parse(second[0]!.occurredAt) - Date.now())).toBeLessThan(10_000);
  });

  it('name the customers that are new', () => {
    const customers = { from: 0, count: 10, order: 'random' as const, freshShare: 0.3 };
    const writer = new RequestWriter({ ...PLAN, customers });
    const request = writer.build();
    const fresh: number[] = [];
    writer.renew(request, (customer) => fresh.push(customer));
    const sent = bodyOf(request.bytes).map((item) => item.customerId);
    expect(fresh.length).toBeGreaterThan(5);
    expect(fresh[0]).toBe(10);
    expect(sent).toEqual(expect.arrayContaining(fresh.map(customerId)));
  });
});
