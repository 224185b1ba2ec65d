import type { AppendRequest } from '@rapport/event-store';
import {
  CATALOGUE,
  compileDefinition,
  DEFAULT_DEFINITION_TEXT,
  type EngagementChanged,
  parseDefinition,
} from '@rapport/journey';
import { newRecord } from './customer-record';
import { DECISION_REQUEST_BYTES_MAX, DecisionLog } from './decision-log';

/** Far more than one request takes. */
const DECISIONS = 12_000;
const CAUSE = new Uint8Array(16);

function anna() {
  const parsed = parseDefinition(DEFAULT_DEFINITION_TEXT, 'the default definition');
  if (!parsed.ok) throw new Error('the default definition does not parse');
  return newRecord(1, 'anna', 0, compileDefinition(parsed.definition, 1, CATALOGUE));
}

function cooled(at: number): EngagementChanged {
  const evidence = { definition: 'journey', definitionVersion: 1, rule: 'engagement', at, conditions: [] };
  return {
    ...{ type: 'EngagementChanged', from: 'active', to: 'cooling', at, definitionVersion: 1, evidence },
    ...{ cause: { kind: 'timer', due: at }, history: false },
  };
}

/** Stores everything as the log's writer would: what was asked of it, in order. */
function storeAll(decisions: DecisionLog): AppendRequest[] {
  const stored: AppendRequest[] = [];
  let position = 1;
  for (let taken = decisions.take(); taken; taken = decisions.take()) {
    const results = taken.requests.map(({ events }) => {
      const firstPosition = position;
      position += events.count;
      return { ok: true as const, firstRevision: firstPosition - 1, firstPosition, recordedAt: 1 };
    });
    stored.push(...taken.requests);
    taken.settle(results);
  }
  return stored;
}

describe('the decision log', () => {
  it('sends what is more than one request in several, at revisions that follow on each other', () => {
    const decisions = new DecisionLog(1);
    const record = anna();
    const places: number[] = [];
    for (let i = 0; i < DECISIONS; i++)
      decisions.add(record, cooled(i), CAUSE, ({ position }) => void places.push(position));

    const requests = storeAll(decisions);

    expect(requests.length).toBeGreaterThan(1);
    let next = 0;
    for (const { expected, events } of requests) {
      expect(expected).toEqual(next === 0 ? 'noStream' : { revision: next - 1 });
      expect(events.bytes.length).toBeLessThan(DECISION_REQUEST_BYTES_MAX + 1_024);
      next += events.count;
    }
    expect(places).toEqual(Array.from({ length: DECISIONS }, (_, i) => i + 1));
    expect(decisions.revision(0)).toBe(DECISIONS - 1);
    expect(decisions.pendingBytes).toBe(0);
  });
});
