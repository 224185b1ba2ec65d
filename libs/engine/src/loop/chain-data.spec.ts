import fc from 'fast-check';
import type { HistoryRestated } from '@rapport/journey';
import { chainData, readChain } from './chain-data';

const moment = fc.integer({ min: 0, max: 4_102_444_800_000 });
const few = fc.constantFrom('a', 'b', 'ö"\\', '__proto__', '');
const touchpoint = fc.record({ touchpointId: few, occurredAt: fc.integer({ min: 0, max: 3 }) });
const value = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  few,
);

const condition = fc
  .tuple(few, few, fc.boolean(), value, fc.array(touchpoint, { maxLength: 5 }), fc.boolean())
  .map(([path, words, holds, found, touchpoints, atLeast]) => ({
    ...{ path, condition: words, holds, value: Object.is(found, -0) ? 0 : found, touchpoints },
    ...(atLeast ? { atLeast: true as const } : {}),
  }));

const change = fc
  .tuple(fc.constantFrom('stage' as const, 'engagement' as const), fc.option(few), few, moment, moment, few)
  .chain(([axis, from, to, at, evidenceAt, rule]) =>
    fc
      .tuple(few, fc.integer({ min: 1, max: 3 }), fc.array(condition, { maxLength: 4 }))
      .map(([definition, definitionVersion, conditions]) => ({
        ...{ axis, from, to, at, definitionVersion },
        evidence: { definition, definitionVersion, rule, at: evidenceAt, conditions },
      })),
  );

const chain = fc.record({
  type: fc.constant('HistoryRestated' as const),
  at: moment,
  part: fc.nat(3),
  parts: fc.nat(4),
  wentLiveAt: fc.option(moment),
  changes: fc.array(change, { maxLength: 12 }),
  cause: fc.constant({ kind: 'settling' as const }),
});

describe('the data of a settled chain', () => {
  it('says all that was decided, in the same order', () => {
    fc.assert(
      fc.property(chain, (decided: HistoryRestated) => {
        const read = readChain(chainData(decided));
        expect(read).toEqual(decided);
        expect(JSON.stringify(read)).toBe(JSON.stringify(decided));
      }),
    );
  });

  it('names a touchpoint and a condition once', () => {
    const evidence = {
      ...{ definition: 'journey', definitionVersion: 1, rule: 'engagement', at: 5 },
      conditions: [
        {
          ...{ path: 'engagement.cooling', condition: 'silent', holds: true, value: 1 },
          touchpoints: [{ touchpointId: 'receipt-1', occurredAt: 1 }],
        },
      ],
    };
    const one = { axis: 'engagement' as const, from: 'active', to: 'cooling', at: 5, definitionVersion: 1, evidence };
    const data = chainData({
      ...{ type: 'HistoryRestated', at: 9, part: 0, parts: 1, wentLiveAt: null },
      ...{ changes: [one, one, one], cause: { kind: 'settling' } },
    });
    expect(data.split('receipt-1')).toHaveLength(2);
    expect(data.split('engagement.cooling')).toHaveLength(2);
  });

  it('refuses evidence of another version than the change, and tables with holes', () => {
    const evidence = { definition: 'journey', definitionVersion: 2, rule: 'lead.enter', at: 1, conditions: [] };
    const wrong = { axis: 'stage' as const, from: null, to: 'lead', at: 1, definitionVersion: 1, evidence };
    const data = (changes: HistoryRestated['changes']): string =>
      chainData({
        ...{ type: 'HistoryRestated', at: 9, part: 0, parts: 1, wentLiveAt: null },
        ...{ changes, cause: { kind: 'settling' } },
      });
    expect(() => data([wrong])).toThrow(/version 1 with evidence of version 2/);
    const whole = data([{ ...wrong, definitionVersion: 2 }]);
    expect(() => readChain(whole.replace('["journey",2]', ''))).toThrow(/names definition 0/);
  });
});
