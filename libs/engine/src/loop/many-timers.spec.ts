import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogReader } from '@rapport/event-store';
import { DEFAULT_DEFINITION_TEXT, type Touchpoint } from '@rapport/journey';
import { journeyStream } from '../partition';
import { TICK_CAP_CUSTOMERS } from './control-events';
import { readStream } from './read-stream';
import { StillEngine } from './still-engine';

const CUSTOMERS = 10_000;
const DAY = 86_400_000;
/** A Monday. */
const START = Date.UTC(2026, 0, 5, 12);
jest.setTimeout(120_000);

const DOCUMENT = `${DEFAULT_DEFINITION_TEXT}
teams: [ { name: support, hours: { weekdays: [mon], from: "09:00", until: "17:00" } } ]
plays:
  - name: later
    why: everybody at once
    owner: support
    purpose: service
    on: { touchpoint: { meaning: purchase } }
    steps: [ { wait: 1d }, { tell: news, by: log } ]
`;

function purchase(customerId: string, id: string, occurredAt: number): Touchpoint {
  return {
    ...{ customerId, touchpointId: id, type: 'purchase.completed', channel: 'web', direction: 'inbound' },
    ...{ occurredAt, source: 'spec', properties: { value: 10 }, history: false },
  };
}

describe('10,000 timers of plays that are due at the same moment', () => {
  it('drain at the cap, and a live touchpoint passes between any two rounds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-timers-'));
    const engine = new StillEngine({ folder, partitions: 2, now: START });
    engine.publish(DOCUMENT, 1);
    engine.record(Array.from({ length: CUSTOMERS }, (_, i) => purchase(`customer-${i}`, 't1', START)));
    engine.run();
    const requests = counter(folder, 'ActionRequested');
    const stages = counter(folder, 'StageChanged');
    expect(requests()).toBe(0);
    engine.now += DAY;
    let rounds = 0;
    let drained = 0;
    for (; engine.idleOnce(); rounds++) {
      // Both wait in the log: the round of timers and somebody new. One pass folds both.
      const before = stages();
      engine.record([purchase(`live-${rounds}`, 't1', engine.now)]);
      while (engine.foldSome());
      expect(stages()).toBeGreaterThan(before);
      const now = requests();
      expect(now - drained).toBeLessThanOrEqual(2 * TICK_CAP_CUSTOMERS);
      drained = now;
    }
    expect(drained).toBe(CUSTOMERS);
    expect(rounds).toBeGreaterThanOrEqual(CUSTOMERS / (2 * TICK_CAP_CUSTOMERS));
    engine.close();
    rmSync(folder, { recursive: true });
  });
});

/** How many decisions of a type the log holds. */
function counter(folder: string, type: string): () => number {
  const next = [0, 0];
  let count = 0;
  return () => {
    const log = openLogReader(folder);
    for (const partition of [0, 1]) {
      const events = readStream(log, journeyStream(partition), next[partition]!);
      next[partition]! += events.length;
      count += events.filter((event) => event.type === type).length;
    }
    log.close();
    return count;
  };
}
