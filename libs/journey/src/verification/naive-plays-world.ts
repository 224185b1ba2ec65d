/** What is known of a customer at one decision, as plain arrays from the raw log. */
import type { Decision } from '../decision';
import { CATALOGUE } from '../language/catalogue/catalogue';
import type { GuardsDefinition } from '../plays/guards.types';
import type { PlaysPart } from '../plays/play';
import type { CheckPlayLaws } from '../plays/play-core.types';
import type { ActionRequested, PlayDecision } from '../plays/play-decisions';
import type { FoldedTouchpoint } from '../touchpoint';

export type Customer = Parameters<CheckPlayLaws>[2];
export interface Placed<D extends PlayDecision = PlayDecision> {
  position: number;
  decision: D;
}

export interface Case {
  part: PlaysPart;
  guards: GuardsDefinition;
  timeZone: string;
  customer: Customer;
  /** By position. */
  decisions: Placed[];
}

const STAGE_DECISIONS = ['StageChanged', 'EngagementChanged', 'HistoryRestated', 'InputParked'];

export function caseOf(part: PlaysPart, timeZone: string, customer: Customer): Case {
  const decisions = customer.decisions.filter((one): one is Placed => !isStageDecision(one.decision));
  decisions.sort((a, b) => a.position - b.position);
  return { part, guards: part.guards, timeZone, customer, decisions };
}

function isStageDecision(decision: Decision | PlayDecision): boolean {
  return STAGE_DECISIONS.includes(decision.type);
}

export function ofType<T extends PlayDecision['type']>(
  decisions: readonly Placed[],
  type: T,
): Placed<Extract<PlayDecision, { type: T }>>[] {
  return decisions.filter((one): one is Placed<Extract<PlayDecision, { type: T }>> => one.decision.type === type);
}

/** Something sent: own or of other tools, settled or not. */
export interface NaiveSend {
  at: number;
  channel: string;
  purpose: string;
  ask: boolean;
}

/** The world in which one decision was made. `touchpoints` by (occurredAt, touchpointId). */
export interface Known {
  at: number;
  touchpoints: FoldedTouchpoint[];
  /** Decisions before it. */
  earlier: Placed[];
}

/**
 * What is decided on a timer is written behind the input that brought the clock forward, but does not know it, unless that
 * was a settling of the same moment. Everything read before that input is known, as long as it is not of a later moment.
 */
export function knownAt(
  of: Case,
  placed: { position: number; decision: { at: number; cause?: { kind: string } } },
): Known {
  const { at, cause } = placed.decision;
  const read = of.customer.inputs.filter((one) => one.position < placed.position);
  const newest = Math.max(...read.map((one) => one.position));
  const unknown = (one: Customer['inputs'][number]): boolean =>
    cause?.kind === 'timer' && one.position === newest && one.at === at && !isSettled(one.touchpoint);
  const inputs = read.filter((one) => one.at <= at && !unknown(one));
  const touchpoints = inputs.flatMap(({ touchpoint }) => (touchpoint === undefined ? [] : [touchpoint]));
  touchpoints.sort((a, b) => a.occurredAt - b.occurredAt || (a.touchpointId < b.touchpointId ? -1 : 1));
  return { at, touchpoints, earlier: of.decisions.filter((one) => one.position < placed.position) };
}

/** History that stands where it was settled; what is of the profile stands where it was read. */
function isSettled(touchpoint: FoldedTouchpoint | undefined): boolean {
  return touchpoint?.history === true && !/^(profile|consent)\./.test(touchpoint.type);
}

export function meansOf(touchpoint: FoldedTouchpoint, meaning: string): boolean {
  return CATALOGUE.meanings(touchpoint.type).some((one) => one === meaning);
}

/** `delivered`, `expired` ... of Rapport's own actions; null = not an outcome. */
export function resultOf({ type, source, properties }: FoldedTouchpoint): string | null {
  return type.startsWith('action.') && source === 'rapport' && typeof properties.action === 'string'
    ? type.slice('action.'.length)
    : null;
}

export function isDelivered(touchpoint: FoldedTouchpoint, verb?: string, what?: string): boolean {
  const { properties } = touchpoint;
  if (resultOf(touchpoint) !== 'delivered') return false;
  return (verb === undefined || properties.verb === verb) && (what === undefined || properties.what === what);
}

const MESSAGES = ['email.sent', 'app.notification.sent', 'phone.call.made'];

/** Every send that counts: at its true time, or at the moment of the decision while it is not settled. */
export function sendsOf(known: Known): NaiveSend[] {
  const sends: NaiveSend[] = [];
  for (const one of known.touchpoints) {
    const outbound = one.direction === 'outbound' && resultOf(one) === null;
    const ask = outbound && meansOf(one, 'ask');
    if (ask || (outbound && (meansOf(one, 'gift') || MESSAGES.includes(one.type))))
      sends.push({ at: one.occurredAt, channel: one.channel, purpose: '', ask });
  }
  for (const { decision } of ofType(known.earlier, 'ActionRequested')) {
    const at = sentAt(known, decision);
    if (at === null || decision.verb === 'task') continue;
    sends.push({ at, channel: decision.channel, purpose: decision.purpose, ask: decision.verb === 'ask' });
  }
  return sends;
}

/** null = it came to nothing and was refunded. */
export function sentAt(known: Known, { action, sendBefore }: ActionRequested): number | null {
  const outcomes = known.touchpoints.filter((one) => resultOf(one) !== null && one.properties.action === action);
  const delivered = outcomes.find((one) => isDelivered(one));
  if (delivered !== undefined) return delivered.occurredAt;
  // Also what came after nobody had spoken of it for long.
  if (outcomes.some((one) => resultOf(one) !== 'in-doubt')) return null;
  const settled = ofType(known.earlier, 'ActionSettled').find((one) => one.decision.action === action)?.decision;
  if (settled === undefined) return known.at;
  if (settled.result === 'silent') return sendBefore;
  return settled.result === 'delivered' ? (settled.sentAt ?? settled.at) : null;
}
