/** Random rows, filters and change operations for property tests, from small domains so that they meet. */
import fc from 'fast-check';
import type { ChangeFilter, ChangeOp, CustomerFilter, CustomerRow } from '../read-models';
import { change, customer, DAY_MS, NEW_YEAR } from './rows';

const STAGES = ['lead', 'customer', 'loyal', 'advocate'];
const ENGAGEMENTS = ['active', 'cooling', 'at risk', 'lapsed'];
const KINDS = ['person', 'employee', 'partner'];
const CHANNELS = ['web', 'app', 'store', 'fax'];
const moment = fc.nat(12).map((n) => NEW_YEAR + n * 1000);

const standing = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ stage: null, stageSince: null, engagement: null, engagementSince: null }) },
  {
    weight: 6,
    arbitrary: fc.record({
      stage: fc.constantFrom(...STAGES),
      stageSince: moment,
      engagement: fc.constantFrom(...ENGAGEMENTS),
      engagementSince: moment,
    }),
  },
);
const fields: fc.Arbitrary<Partial<CustomerRow>> = fc
  .tuple(
    standing,
    fc.record({
      kind: fc.constantFrom('person', 'person', ...KINDS),
      lastTouchpointAt: moment,
      lastChannel: fc.constantFrom(...CHANNELS),
      unsettled: fc.boolean(),
      due: fc.option(moment),
      touchpoints: fc.integer({ min: 1, max: 500 }),
    }),
  )
  .map(([stand, rest]) => ({ ...stand, ...rest }));

/** Customers with distinct numbers and ids, in no order. */
export const customerRows: fc.Arbitrary<CustomerRow[]> = fc
  .array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), fields), { minLength: 5, maxLength: 60 })
  .map((list) =>
    list.map(([id, rest], i) => customer(i * 3 + 1, { ...rest, customerId: `${id.replaceAll('\0', '0')}${i}` })),
  )
  .chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length }));

const some = (names: string[]): fc.Arbitrary<string[] | undefined> =>
  fc.option(fc.subarray([...names, 'never seen'], { minLength: 1 }), { nil: undefined, freq: 2 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 });

export const customerFilter: fc.Arbitrary<CustomerFilter> = fc
  .record({
    stages: some(STAGES),
    engagements: some(ENGAGEMENTS),
    kinds: some(KINDS),
    channels: some(CHANNELS),
    sinceFrom: maybe(moment),
    sinceTo: maybe(moment),
    lastFrom: maybe(moment),
    lastTo: maybe(moment),
    unsettled: maybe(fc.boolean()),
  })
  .map(given);

/** Absent where there is nothing: what callers send. */
function given<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

const changeMoment = fc.integer({ min: -3 * 24, max: 3 * 24 }).map((hours) => NEW_YEAR + (hours * DAY_MS) / 24);
const axis = fc.constantFrom('stage' as const, 'engagement' as const);
const name = fc.constantFrom(...STAGES);

/** A valid run of operations on three customers: chains that are dropped, live changes that are amended. */
export const changeOps: fc.Arbitrary<ChangeOp[]> = fc
  .array(
    fc.record({
      what: fc.constantFrom('live', 'live', 'live', 'chain', 'drop', 'amend'),
      no: fc.constantFrom(1, 4, 7),
      axis,
      from: fc.option(name),
      to: name,
      at: changeMoment,
      hidden: fc.boolean(),
      pick: fc.nat(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const ops: ChangeOp[] = [];
    const live: { no: number; axis: 'stage' | 'engagement'; position: number }[] = [];
    steps.forEach((step, i) => {
      const position = i + 10;
      const row = { axis: step.axis, from: step.from, to: step.to, at: step.at };
      const target = live[step.pick % Math.max(1, live.length)];
      if (step.what === 'live') {
        live.push({ no: step.no, axis: step.axis, position });
        ops.push({ op: 'add', row: change(position, step.no, row) });
      } else if (step.what === 'chain') {
        const chain = { ...row, history: true, chain: true };
        ops.push({ op: 'add', row: change(position, step.no, chain) });
        ops.push({ op: 'add', row: change(position, step.no, { ...chain, part: 1, at: step.at + 7 }) });
      } else if (step.what === 'drop') {
        ops.push({ op: 'dropChain', no: step.no });
      } else if (target !== undefined) {
        ops.push({ op: 'amend', ...target, from: step.from, hidden: step.hidden });
      }
    });
    return ops;
  });

export const changeFilter: fc.Arbitrary<ChangeFilter> = fc
  .record({
    axis,
    to: some(STAGES),
    from: some(STAGES),
    customerId: maybe(fc.constantFrom('customer-1', 'customer-4', 'nobody')),
    history: maybe(fc.boolean()),
    atFrom: maybe(changeMoment),
    atUntil: maybe(changeMoment),
  })
  .map(given);
export const reportPeriod = fc
  .tuple(changeMoment, changeMoment)
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
