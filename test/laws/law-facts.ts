/**
 * What the laws look at, read from a customer's inputs and decisions in the log and from nothing else. Where decisions change their
 * shape, this is the one place to follow.
 */
import { type CheckPlayLaws, type Decision, type FoldedTouchpoint, type PlayDecision } from '@rapport/journey';

export type CustomerLog = Parameters<CheckPlayLaws>[2];

interface OfStep {
  position: number;
  at: number;
  play: string;
  enrolment: number;
  step: string;
}
export interface Request extends OfStep {
  action: string;
  verb: string;
  channel: string;
  purpose: string;
  notBefore: number;
  sendBefore: number;
  /** By a person: asked for again, or past the guards of time. */
  byHand: boolean;
  overridden: boolean;
  task: boolean;
}
export interface Refusal extends OfStep {
  reason: string;
  final: boolean;
}
export interface Stepped extends OfStep {
  took: string;
  kind: string;
}
export interface Entry {
  position: number;
  at: number;
  play: string;
  enrolment: number;
  held: boolean;
  first: boolean;
  /** '' = not by a touchpoint. */
  touchpointId: string;
}
export interface Settled {
  position: number;
  at: number;
  action: string;
  result: string;
  sentAt: number | undefined;
}
export interface Read {
  position: number;
  touchpoint: FoldedTouchpoint;
}

export interface LawFacts {
  customerId: string;
  entries: Entry[];
  requests: Request[];
  refusals: Refusal[];
  stepped: Stepped[];
  settled: Settled[];
  /** Where an enrolment left; the step it stood at. */
  exits: OfStep[];
  touchpoints: Read[];
  /** The last moment of the log. */
  until: number;
}

/** Settled as that, an action came to nothing, as far as is known. */
export const CAME_TO_NOTHING = ['expired', 'withdrawn', 'failed', 'answeredElsewhere', 'stopped'];

export function factsOf({ customerId, inputs, decisions }: CustomerLog): LawFacts {
  const facts: LawFacts = {
    ...{ customerId, entries: [], requests: [], refusals: [], stepped: [], settled: [], exits: [] },
    touchpoints: inputs.flatMap(({ position, touchpoint }) => (touchpoint ? [{ position, touchpoint }] : [])),
    until: Math.max(-Infinity, ...inputs.slice(-1).map(({ at }) => at)),
  };
  for (const { position, decision } of decisions) take(facts, position, decision);
  return facts;
}

function take(facts: LawFacts, position: number, decision: Decision | PlayDecision): void {
  switch (decision.type) {
    case 'PlayEntered': {
      const { trigger } = decision;
      const touchpointId = trigger.on === 'touchpoint' ? trigger.touchpointId : '';
      facts.entries.push({ ...decision, position, touchpointId });
      return;
    }
    case 'ActionRequested': {
      const { override, cause, verb, channel } = decision;
      const made = { byHand: cause.kind === 'command', overridden: override !== undefined };
      facts.requests.push({ ...decision, position, ...made, task: verb === 'task' || channel === 'task' });
      return;
    }
    case 'ActionWithheld':
      facts.refusals.push({ ...decision, position });
      return;
    case 'PlayStepped':
      facts.stepped.push({ ...decision, position });
      return;
    case 'ActionSettled':
      facts.settled.push({ ...decision, position, sentAt: decision.sentAt });
      return;
    case 'PlayExited':
      facts.exits.push({ ...decision, position });
      return;
    default:
      return;
  }
}

export interface Send {
  request: Request;
  /** When it reached the customer, or for a task when a person did it. */
  at: number;
}

/** What was sent after all: what its outcome says, else what a person or the silence says; what is under way is not yet. */
export function sendsOf(facts: LawFacts): Send[] {
  const outcomes = new Map<string, FoldedTouchpoint>();
  for (const { touchpoint } of facts.touchpoints) {
    const { action } = touchpoint.properties;
    const final = /^action\.(delivered|failed|expired|withdrawn)$/.test(touchpoint.type);
    if (final && touchpoint.source === 'rapport' && typeof action === 'string') outcomes.set(action, touchpoint);
  }
  const settled = new Map(facts.settled.map((one) => [one.action, one]));
  return facts.requests.flatMap((request): Send[] => {
    const outcome = outcomes.get(request.action);
    if (outcome !== undefined) return outcome.type === 'action.delivered' ? [{ request, at: outcome.occurredAt }] : [];
    const said = settled.get(request.action);
    if (said?.result === 'delivered') return [{ request, at: said.sentAt ?? said.at }];
    return said?.result === 'silent' ? [{ request, at: request.sendBefore }] : [];
  });
}
