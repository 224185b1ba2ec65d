import fc from 'fast-check';
import type { Cause, ConditionEvidence, Decision, Evidence } from '@rapport/journey';
import { decisionJson } from './decision-json';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('loyal', 'a "quoted" \\ one', '\u2028', '\ud800'),
);
const moment = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, Infinity, 1e21, 1.5e-7));
const condition: fc.Arbitrary<ConditionEvidence> = fc
  .record({
    path: text,
    condition: text,
    holds: fc.boolean(),
    value: fc.oneof(moment, text, fc.boolean(), fc.constant(null)),
    touchpoints: fc.array(fc.record({ touchpointId: text, occurredAt: moment }), { maxLength: 3 }),
    atLeast: fc.constantFrom(true as const, undefined),
  })
  .map(({ atLeast, ...rest }) => (atLeast ? { ...rest, atLeast } : rest));
const evidence: fc.Arbitrary<Evidence> = fc.record({
  definition: text,
  definitionVersion: fc.nat(),
  rule: text,
  at: moment,
  conditions: fc.array(condition, { maxLength: 3 }),
});
const cause: fc.Arbitrary<Cause> = fc.oneof(
  fc.record({ kind: fc.constantFrom('touchpoint' as const, 'retry' as const), touchpointId: text }),
  fc.record({ kind: fc.constant('timer' as const), due: moment }),
  fc.record({ kind: fc.constant('definition' as const), version: fc.nat() }),
  fc.record({ kind: fc.constant('settling' as const) }),
);
const step = { from: fc.option(text), to: text, at: moment, definitionVersion: fc.nat(), evidence };
const decision = fc.oneof(
  fc.record({
    type: fc.constant('StageChanged' as const),
    ...step,
    cause,
    history: fc.boolean(),
    joining: fc.constantFrom('wentLive' as const, 'settling' as const, undefined),
  }),
  fc.record({
    type: fc.constant('InputParked' as const),
    touchpointId: text,
    at: moment,
    reason: fc.constantFrom('conflict' as const, 'failed' as const),
    detail: text,
  }),
) as fc.Arbitrary<Decision>;

describe('decisionJson', () => {
  it('writes what JSON.stringify would, to the byte', () => {
    fc.assert(
      fc.property(decision, (one) => {
        const { type, ...rest } = one;
        expect(type).toBeDefined();
        expect(decisionJson(one)).toBe(JSON.stringify(rest));
      }),
    );
  });
});
