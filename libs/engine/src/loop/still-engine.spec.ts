import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEFAULT_DEFINITION_TEXT, type Touchpoint } from '@rapport/journey';
import { openLogReader } from '@rapport/event-store';
import { verifyEvidence } from '../maintenance/verify-store';
import { journeyStream, touchpointStream } from '../partition';
import { readStream } from './read-stream';
import { EVENT } from './control-events';
import { StillEngine, type StillEngineOptions } from './still-engine';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 15);

/** What happens to a store, step by step. */
type Step =
  | { kind: 'touchpoints'; touchpoints: Touchpoint[] }
  | { kind: 'days'; days: number }
  | { kind: 'settle'; customers?: string[] }
  | { kind: 'publish'; document: string; version: number }
  | { kind: 'retry' }
  | { kind: 'run' };

const TYPES: [string, Record<string, number | string>][] = [
  ['web.page.viewed', {}],
  ['purchase.completed', { value: 10 }],
  ['purchase.completed', { value: 25.5 }],
  ['purchase.returned', { value: 10, returnOf: 't1' }],
  ['review.posted', { rating: 5 }],
  ['review.posted', { rating: 2 }],
  ['support.ticket.opened', { ticketId: 'a' }],
  ['complaint.made', { ticketId: 'a' }],
  ['support.ticket.resolved', { ticketId: 'a' }],
  // Too large for a definition that sums points; nothing special for one that does not.
  ['points.earned', { points: 5e12 }],
];

const SUMMING = `
name: journey
stages:
  - name: lead
  - name: customer
    enter: { count: purchase, atLeast: 1 }
  - name: collector
    enter: { sum: { type: points.earned, property: points }, atLeast: 10 }
  - name: loyal
    enter: { distinctDays: purchase, atLeast: 2, within: 90d }
    keep: { count: purchase, atLeast: 1, within: 90d }
`;
const DOCUMENTS = [SUMMING, DEFAULT_DEFINITION_TEXT];

const touchpoints = fc.array(
  fc.record({
    customer: fc.constantFrom('anna', 'ben', 'cleo', 'dora'),
    id: fc.integer({ min: 1, max: 12 }),
    type: fc.integer({ min: 0, max: TYPES.length - 1 }),
    daysAgo: fc.integer({ min: 0, max: 400 }),
    history: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: touchpoints.map((list) => ({ kind: 'raw' as const, list })) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 150 }).map((days) => ({ kind: 'days' as const, days })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const, customers: ['anna', 'cleo'] }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'publish' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'retry' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'run' as const }) },
  ),
  { minLength: 1, maxLength: 14 },
);

type Raw = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** The clock's days are fixed before, so that the same script gives the same moments on every engine. */
function script(raw: Raw): Step[] {
  let now = START;
  let version = 1;
  return raw.map((step) => {
    if (step.kind === 'days') now += step.days * DAY;
    if (step.kind === 'publish')
      return { kind: 'publish' as const, document: DOCUMENTS[version % 2]!, version: ++version };
    if (step.kind !== 'raw') return step;
    return {
      kind: 'touchpoints' as const,
      touchpoints: step.list.map((one) => {
        const [type, properties] = TYPES[one.type]!;
        return {
          touchpointId: `t${one.id}`,
          customerId: one.customer,
          type,
          channel: 'web',
          direction: 'inbound' as const,
          occurredAt: now - one.daysAgo * DAY - one.id * 1_000,
          source: 'spec',
          properties,
          history: one.history,
        };
      }),
    };
  });
}

interface Ran {
  engine: StillEngine;
  folder: string;
  decisions: string[];
}

/** `between` runs after each step: a restart, a flush, nothing. */
function play(
  plan: Step[],
  options: Partial<StillEngineOptions> = {},
  between: (engine: StillEngine, step: number) => void = () => undefined,
): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-still-'));
  const engine = new StillEngine({ folder, partitions: 2, now: START, ...options });
  engine.publish(DEFAULT_DEFINITION_TEXT, 1);
  engine.run();
  plan.forEach((step, i) => {
    if (step.kind === 'touchpoints') engine.record(step.touchpoints);
    else if (step.kind === 'days') passDays(engine, step.days);
    else if (step.kind === 'settle') engine.control(EVENT.historySettled, { cap: 1, customers: step.customers });
    else if (step.kind === 'publish') engine.publish(step.document, step.version);
    else if (step.kind === 'retry') retryParked(engine, folder);
    else engine.run();
    between(engine, i);
  });
  engine.run();
  return { engine, folder, decisions: decisionsOf(folder) };
}

/** The oldest parked input is folded again. */
function retryParked(engine: StillEngine, folder: string): void {
  engine.run();
  const log = openLogReader(folder);
  for (const partition of [0, 1]) {
    const parked = readStream(log, journeyStream(partition), 0).find((event) => event.type === 'InputParked');
    const inputs = readStream(log, touchpointStream(partition), 0);
    const input = inputs.find((event) => Buffer.from(event.id).equals(parked?.causationId ?? Buffer.alloc(0)));
    if (input?.type === EVENT.touchpointRecorded)
      engine.control(EVENT.parkedRetried, { position: input.position }, partition);
  }
  log.close();
}

/** The clock is looked at each day, so that nothing jumps. */
function passDays(engine: StillEngine, days: number): void {
  for (let day = 0; day < days; day++) {
    engine.now += DAY;
    engine.run();
  }
}

function decisionsOf(folder: string): string[] {
  const log = openLogReader(folder);
  const all = [0, 1].flatMap((partition) =>
    readStream(log, journeyStream(partition), 0).map(
      (event) => `${event.subject} ${event.type} ${Buffer.from(event.data).toString('utf8')}`,
    ),
  );
  log.close();
  return all;
}

function end(...ran: Ran[]): void {
  for (const { engine, folder } of ran) {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the engine loop', () => {
  it('decides the same whatever the size of its batches and the number of its flushes', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), (raw, chunksPerFlush) => {
        const plan = script(raw);
        const whole = play(plan);
        const small = play(plan, { readBytes: 1, chunksPerFlush });
        expect(small.decisions).toEqual(whole.decisions);
        expect(journeyLines(small.engine.dump())).toEqual(journeyLines(whole.engine.dump()));
        end(whole, small);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same result after a crash at any point', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.constantFrom('nothing', 'restart', 'fold', 'flush'), { minLength: 14, maxLength: 14 }),
        (raw, faults) => {
          const plan = script(raw);
          const calm = play(plan);
          const crashed = play(plan, {}, (engine, step) => {
            if (faults[step] === 'restart') engine.restart();
            if (faults[step] === 'flush') engine.flush();
            if (faults[step] === 'fold') {
              engine.foldSome();
              engine.restart();
            }
          });
          expect(crashed.decisions).toEqual(calm.decisions);
          expect(journeyLines(crashed.engine.dump())).toEqual(journeyLines(calm.engine.dump()));
          end(calm, crashed);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('decides about a customer alone as among others', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom('anna', 'cleo'), (raw, customer) => {
        const plan = script(raw);
        const alone = plan.map((step) =>
          step.kind === 'touchpoints'
            ? { ...step, touchpoints: step.touchpoints.filter((one) => one.customerId === customer) }
            : step,
        );
        const withoutRetry = (step: Step): boolean => step.kind !== 'retry';
        const among = play(plan.filter(withoutRetry));
        const single = play(
          alone.filter(withoutRetry).filter((step) => step.kind !== 'touchpoints' || step.touchpoints.length > 0),
        );
        const own = (line: string): boolean => line.startsWith(`${customer} `);
        expect(single.decisions.filter(own)).toEqual(among.decisions.filter(own));
        end(among, single);
      }),
      { numRuns: RUNS },
    );
  });

  it('counts what comes twice once', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const plan = script(raw).filter((step) => step.kind !== 'retry');
        const twice = plan.map((step) =>
          step.kind === 'touchpoints' ? { ...step, touchpoints: step.touchpoints.flatMap((one) => [one, one]) } : step,
        );
        const parks = (line: string): boolean => !line.includes(' InputParked ');
        const [once, repeated] = [play(plan), play(twice)];
        expect(repeated.decisions.filter(parks)).toEqual(once.decisions.filter(parks));
        end(once, repeated);
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves evidence that holds by separate code over the raw touchpoints', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const live = play(script(raw));
        const problems: string[] = [];
        const log = openLogReader(live.folder);
        verifyEvidence(
          log,
          { customers: 0, decisions: 0 },
          (problem) => problems.push(problem),
          () => undefined,
        );
        log.close();
        expect(problems).toEqual([]);
        end(live);
      }),
      { numRuns: RUNS },
    );
  });

  it('rebuilds to the same bytes, customer by customer', () => {
    fc.assert(
      fc.property(steps, (raw) => {
        const live = play(script(raw));
        expect(live.engine.rebuiltDump(2)).toEqual(live.engine.dump());
        end(live);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Where decisions stand in the log depends on when they were appended, and the dump's blobs name such positions; what they say does not. */
const OF_THE_LOG = ['position', 'recordedAt', 'no', 'state', 'tail'];

function journeyLines(dump: string[]): object[] {
  return dump
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => ['customer', 'change', 'counter', 'parked'].includes(String(row.model)))
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OF_THE_LOG.includes(name))))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
