/** Scripts of what happens to a store, and what a still engine makes of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type ActionRequested,
  DEFAULT_DEFINITION_TEXT,
  PLAY_CONTROL,
  type PlayCommand,
  RAPPORT_SOURCE,
  type Touchpoint,
} from '@rapport/journey';
import { openLogReader } from '@rapport/event-store';
import { journeyStream, touchpointStream } from '../partition';
import { readStream } from './read-stream';
import { EVENT } from './control-events';
import { StillEngine, type StillEngineOptions } from './still-engine';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
/** What happens to a store, step by step. */
export type Step =
  | { kind: 'touchpoints'; touchpoints: Touchpoint[] }
  | { kind: 'days'; days: number }
  | { kind: 'settle'; customers?: string[] }
  | { kind: 'publish'; document: string; version: number }
  | { kind: 'retry' }
  | { kind: 'command'; customerId: string; command: PlayCommand }
  | { kind: 'pause'; play: string; paused: boolean }
  /** Every request that is open is carried out, as a dispatcher would say it. */
  | { kind: 'deliver' }
  /** A run that leaves all but one customer of each partition to its continuation. */
  | { kind: 'audience'; play: string }
  | { kind: 'run' };

const TYPES: [string, Record<string, number | string>][] = [
  ['web.page.viewed', {}],
  ['purchase.completed', { value: 10 }],
  ['purchase.completed', { value: 25.5 }],
  ['purchase.returned', { value: 10, returnOf: 't1' }],
  ['review.posted', { rating: 5 }],
  ['review.posted', { rating: 2 }],
  ['support.ticket.opened', { ticketId: 'a' }],
  ['store.complaint.made', { ticketId: 'a' }],
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

/** Commands and pauses of plays come in only where they are asked for. */
export const steps = scripts([]);
const PLAYS = fc.constantFrom('welcome', 'thanks', 'nobody-knows-it');
const command = fc
  .oneof(
    PLAYS.map((play) => ({ command: 'enrol' as const, play })),
    PLAYS.map((play) => ({ command: 'stop' as const, play, reason: 'asked to' })),
    fc.constant({ command: 'claim' as const, action: '0'.repeat(32) }),
  )
  .map((one): PlayCommand => ({ ...one, commandId: `c-${one.command}`, by: 'ann' }));

export const stepsWithPlays = scripts([
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      customerId: fc.constantFrom('anna', 'ben', 'cleo', 'nobody'),
      command,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), play: PLAYS, paused: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'deliver' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'audience' as const, play: 'news' }) },
]);

type RawStep =
  Exclude<Step, { kind: 'touchpoints' | 'publish' }> | { kind: 'publish' } | { kind: 'raw'; list: RawTouchpoint[] };
type RawTouchpoint = { customer: string; id: number; type: number; daysAgo: number; history: boolean };

function scripts(more: { weight: number; arbitrary: fc.Arbitrary<RawStep> }[]): fc.Arbitrary<RawStep[]> {
  const own: { weight: number; arbitrary: fc.Arbitrary<RawStep> }[] = [
    { weight: 5, arbitrary: touchpoints.map((list) => ({ kind: 'raw' as const, list })) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 150 }).map((days) => ({ kind: 'days' as const, days })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'settle' as const, customers: ['anna', 'cleo'] }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'publish' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'retry' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'run' as const }) },
  ];
  return fc.array(fc.oneof(...own, ...more), { minLength: 1, maxLength: 14 });
}

/** The clock's days are fixed before, so that the same script gives the same moments on every engine. */
export function script(raw: RawStep[], documents: readonly string[] = DOCUMENTS): Step[] {
  let now = START;
  let version = 1;
  return raw.map((step) => {
    if (step.kind === 'days') now += step.days * DAY;
    if (step.kind === 'publish')
      return { kind: 'publish' as const, document: documents[version % documents.length]!, version: ++version };
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

export interface Ran {
  engine: StillEngine;
  folder: string;
  decisions: string[];
}

/** `between` runs after each step: a restart, a flush, nothing. */
export function play(
  plan: Step[],
  options: Partial<StillEngineOptions> = {},
  between: (engine: StillEngine, step: number) => void = () => undefined,
  document = DEFAULT_DEFINITION_TEXT,
): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-still-'));
  const engine = new StillEngine({ folder, partitions: 2, now: START, ...options });
  engine.publish(document, 1);
  engine.run();
  plan.forEach((step, i) => {
    if (step.kind === 'touchpoints') engine.record(step.touchpoints);
    else if (step.kind === 'days') passDays(engine, step.days);
    else if (step.kind === 'settle') engine.control(EVENT.historySettled, { cap: 1, customers: step.customers });
    else if (step.kind === 'publish') engine.publish(step.document, step.version);
    else if (step.kind === 'retry') retryParked(engine, folder);
    else if (step.kind === 'command') engine.command(step.customerId, step.command);
    else if (step.kind === 'pause') pause(engine, step);
    else if (step.kind === 'deliver') deliver(engine, folder);
    else if (step.kind === 'audience') engine.control(EVENT.audienceDue, { play: step.play, run: engine.now, cap: 1 });
    else engine.run();
    between(engine, i);
  });
  engine.run();
  return { engine, folder, decisions: decisionsOf(folder) };
}

function pause(engine: StillEngine, { play: name, paused }: { play: string; paused: boolean }): void {
  engine.control(paused ? PLAY_CONTROL.playPaused : PLAY_CONTROL.playResumed, { play: name, by: 'ann' });
}

function deliver(engine: StillEngine, folder: string): void {
  engine.run();
  const log = openLogReader(folder);
  const requests = [0, 1].flatMap((partition) =>
    readStream(log, journeyStream(partition), 0)
      .filter((event) => event.type === 'ActionRequested')
      .map((event) => ({ customerId: event.subject!, ...textOf<ActionRequested>(event) })),
  );
  log.close();
  const outcomes = requests.map((requested) => outcomeOfRequest(requested));
  if (outcomes.length > 0) engine.record(outcomes);
}

/** Its moment is the request's own: sent again later it is a repeat. */
function outcomeOfRequest(requested: ActionRequested & { customerId: string }): Touchpoint {
  const { customerId, action, channel, verb, what, purpose, play: name, notBefore } = requested;
  return {
    ...{ touchpointId: `${action}-delivered`, customerId, type: 'action.delivered', channel, source: RAPPORT_SOURCE },
    ...{ direction: 'outbound' as const, occurredAt: notBefore, history: false },
    properties: { action, verb, what, purpose, play: name, attempts: 1 },
  };
}

function textOf<T>(event: { data: Uint8Array }): T {
  return JSON.parse(Buffer.from(event.data).toString('utf8')) as T;
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

export function end(...ran: Ran[]): void {
  for (const { engine, folder } of ran) {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where decisions stand in the log depends on when they were appended, and the dump's blobs name such positions; what they say does not. */
const OF_THE_LOG = ['position', 'recordedAt', 'no', 'state', 'tail'];

export function journeyLines(dump: string[]): object[] {
  return dump
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => ['customer', 'change', 'counter', 'parked'].includes(String(row.model)))
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OF_THE_LOG.includes(name))))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
