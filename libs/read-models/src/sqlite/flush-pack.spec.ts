import fc from 'fast-check';
import { plain } from '../contract/rows';
import type { Flush } from '../read-models';
import { packFlush, unpackFlush } from './flush-pack';

const moment = fc.integer({ min: -1e14, max: 1e14 });
const text = fc.string({ unit: 'grapheme', maxLength: 90 });
const blob = fc.uint8Array({ maxLength: 300 });
const no = fc.integer({ min: 1, max: 2 ** 50 });

const customer = fc.record({
  no,
  customerId: text,
  partition: fc.nat(255),
  stage: fc.option(text),
  stageSince: fc.option(moment),
  engagement: fc.option(fc.constantFrom('active', 'lapsed')),
  engagementSince: fc.option(moment),
  kind: fc.constantFrom('person', 'partner'),
  lastTouchpointAt: moment,
  lastChannel: text,
  touchpoints: fc.nat(),
  due: fc.option(moment),
  unsettled: fc.boolean(),
  definitionVersion: fc.nat(),
  state: blob,
  tail: blob,
});
const changeRow = fc.record({
  position: no,
  part: fc.nat(),
  no,
  customerId: text,
  axis: fc.constantFrom('stage' as const, 'engagement' as const),
  from: fc.option(text),
  to: text,
  at: moment,
  recordedAt: moment,
  definitionVersion: fc.nat(),
  history: fc.boolean(),
  chain: fc.boolean(),
});
const changeOp = fc.oneof(
  fc.record({ op: fc.constant('add' as const), row: changeRow }),
  fc.record({ op: fc.constant('dropChain' as const), no }),
  fc.record({
    op: fc.constant('amend' as const),
    no,
    axis: fc.constantFrom('stage' as const, 'engagement' as const),
    position: no,
    from: fc.option(text),
    hidden: fc.boolean(),
  }),
);
const flush: fc.Arbitrary<Flush> = fc.record({
  checkpoint: fc.record({ position: no, recordedAt: moment, engine: text }),
  customers: fc.array(customer, { maxLength: 20 }),
  chunks: fc.array(fc.record({ no, chunk: fc.nat(), bytes: blob })),
  profiles: fc.array(fc.record({ no, customerId: text, traits: text, personal: text }), { maxLength: 3 }),
  changes: fc.array(changeOp),
  parked: fc.array(fc.record({ op: fc.constant('remove' as const), position: no }), { maxLength: 3 }),
  counters: fc.array(fc.record({ partition: fc.nat(), stage: text, engagement: text, customers: fc.nat() }), {
    maxLength: 3,
  }),
});

describe('a packed flush', () => {
  it('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(flush, (given) => {
        expect(plain(unpackFlush(packFlush(given)))).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });

  it('grows with what is put in', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ no: i, chunk: 0, bytes: new Uint8Array(100).fill(i) }));
    const given: Flush = { ...empty(), chunks: rows };
    expect(plain(unpackFlush(packFlush(given)))).toEqual(given);
  });
});

function empty(): Flush {
  const checkpoint = { position: 1, recordedAt: 2, engine: '{}' };
  return { checkpoint, customers: [], chunks: [], profiles: [], changes: [], parked: [], counters: [] };
}
