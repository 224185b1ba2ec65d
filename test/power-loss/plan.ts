/** What the workload does, made from a seed: sessions of commit groups, with the head saved now and then; some sessions end in a kill. */

export interface PlannedEvent {
  id: string;
  text: string;
}

interface PlannedRequest {
  stream: string;
  events: PlannedEvent[];
}

type Step =
  { kind: 'commit'; requests: PlannedRequest[]; lastPosition: number } | { kind: 'saveHead' } | { kind: 'kill' };

/** What a store of this project must never do. Each is caught, or the images prove nothing. */
export type Sabotage = 'normalSynchronous' | 'acknowledgeFirst' | 'noWalSync' | 'noDatabaseSync';

export interface Plan {
  sessions: { steps: Step[] }[];
  /** Events in the order that the log must have them: stream, id and text in one line. */
  expected: string[];
  /** Positions at which commit groups end, 0 included. */
  boundaries: number[];
  unsafe: { checkpointPages: number; synchronous?: 'NORMAL' };
  acknowledgeFirst: boolean;
}

const SESSIONS = 4;
const GROUPS_IN_SESSION = 12;
const STREAMS = ['touchpoints-00', 'touchpoints-01', 'journey-00'];
/** So small that checkpoints and restarts of the WAL come often. */
const CHECKPOINT_PAGES = 24;

export function makePlan(seed: number, sabotage?: Sabotage): Plan {
  const random = randomFrom(seed);
  const plan: Plan = {
    sessions: [],
    expected: [],
    boundaries: [0],
    unsafe: { checkpointPages: CHECKPOINT_PAGES },
    acknowledgeFirst: sabotage === 'acknowledgeFirst',
  };
  if (sabotage === 'normalSynchronous') plan.unsafe.synchronous = 'NORMAL';
  for (let i = 0; i < SESSIONS; i++) plan.sessions.push({ steps: sessionSteps(plan, random, i % 2 === 1) });
  return plan;
}

export function describeEvent(stream: string, event: PlannedEvent): string {
  return `${stream} ${event.id} ${event.text}`;
}

/** Numbers in [0, 1) that the seed determines (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function sessionSteps(plan: Plan, random: () => number, killed: boolean): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < GROUPS_IN_SESSION; i++) {
    const requests = STREAMS.filter(() => random() < 0.6).map((stream) => plannedRequest(plan, stream, random));
    if (requests.length === 0) continue;
    plan.boundaries.push(plan.expected.length);
    steps.push({ kind: 'commit', requests, lastPosition: plan.expected.length });
    if (random() < 0.2) steps.push({ kind: 'saveHead' });
  }
  if (killed) steps.push({ kind: 'kill' });
  return steps;
}

function plannedRequest(plan: Plan, stream: string, random: () => number): PlannedRequest {
  const events: PlannedEvent[] = [];
  const count = 1 + Math.floor(random() * 8);
  for (let i = 0; i < count; i++) {
    const number = plan.expected.length;
    const event = {
      id: number.toString(16).padStart(32, '0'),
      text: `event ${number} `.padEnd(20 + Math.floor(random() ** 3 * 6000), '*'),
    };
    events.push(event);
    plan.expected.push(describeEvent(stream, event));
  }
  return { stream, events };
}
