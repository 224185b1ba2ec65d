/**
 * Open complaints. One that names a ticket is closed by a later resolution of that ticket, one that names none by any later
 * resolution; later is by (occurredAt, touchpointId), whatever came first. The newest COMPLAINTS_KEPT are listed, further ones
 * are counted. What the list cannot tell, the timeline does.
 */
import type { FoldedTouchpoint } from '../touchpoint';
import type { CompiledDefinition, TypePlan } from './compile-definition';
import { Num, Str } from './facts-layout';
import type { JourneyState, OpenComplaint } from './journey-state';
import { propertyOf } from './selector';

export const COMPLAINTS_KEPT = 4;
export const TICKET_CHARACTERS_KEPT = 40;

/** True where the list alone cannot tell what is open after this complaint or resolution. */
export function complaintNeedsTimeline(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): boolean {
  if (plan.complaint && ticketOf(touchpoint) !== '' && resolvedAfter(state, touchpoint)) return true;
  if (!plan.resolution || state.complaints === null) return false;
  return state.nums[Num.ComplaintsUnlisted]! > 0 || namesCutTicket(state.complaints, ticketOf(touchpoint));
}

export function foldComplaint(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): void {
  if (plan.complaint && !resolvedAfter(state, touchpoint)) listComplaint(state, touchpoint);
  if (plan.resolution) closeComplaints(state, touchpoint);
}

/** From all touchpoints at once, in any order. */
export function refoldComplaints(state: JourneyState, touchpoints: FoldedTouchpoint[], compiled: CompiledDefinition) {
  const newestOf = new Map<string, FoldedTouchpoint>();
  for (const touchpoint of touchpoints) {
    if (!compiled.plan(touchpoint.type).resolution) continue;
    noteResolution(state, touchpoint);
    const ticket = ticketOf(touchpoint);
    const known = newestOf.get(ticket);
    if (ticket !== '' && (known === undefined || isLater(touchpoint, known))) newestOf.set(ticket, touchpoint);
  }
  for (const touchpoint of touchpoints) {
    if (!compiled.plan(touchpoint.type).complaint) continue;
    const resolution = newestOf.get(ticketOf(touchpoint));
    const closed = ticketOf(touchpoint) === '' ? resolvedAfter(state, touchpoint) : isLater(resolution, touchpoint);
    if (!closed) listComplaint(state, touchpoint);
  }
}

/** Whether any complaint is open. */
export function hasOpenComplaint(state: JourneyState): boolean {
  return state.complaints !== null;
}

/** All open ones, listed or not. */
export function openComplaintCount(state: JourneyState): number {
  return (state.complaints?.length ?? 0) + state.nums[Num.ComplaintsUnlisted]!;
}

function listComplaint(state: JourneyState, touchpoint: FoldedTouchpoint): void {
  const complaint: OpenComplaint = {
    id: touchpoint.touchpointId,
    at: touchpoint.occurredAt,
    ticket: ticketOf(touchpoint).slice(0, TICKET_CHARACTERS_KEPT + 1),
  };
  const list = (state.complaints ??= []);
  let place = list.length;
  while (place > 0 && complaintOlder(list[place - 1]!, complaint)) place--;
  list.splice(place, 0, complaint);
  if (list.length > COMPLAINTS_KEPT) {
    list.pop();
    state.nums[Num.ComplaintsUnlisted]! += 1;
  }
}

function closeComplaints(state: JourneyState, resolution: FoldedTouchpoint): void {
  noteResolution(state, resolution);
  if (state.complaints === null) return;
  const ticket = ticketOf(resolution);
  const open = state.complaints.filter((one) => {
    if (one.ticket !== '' && one.ticket !== ticket) return true;
    return one.at > resolution.occurredAt || (one.at === resolution.occurredAt && one.id >= resolution.touchpointId);
  });
  state.complaints = open.length === 0 ? null : open;
}

function noteResolution(state: JourneyState, resolution: FoldedTouchpoint): void {
  if (resolvedAfter(state, resolution)) return;
  state.nums[Num.NewestResolution] = resolution.occurredAt;
  state.strings[Str.NewestResolution] = resolution.touchpointId;
}

/** Whether the newest resolution of any ticket is later than this touchpoint. */
function resolvedAfter(state: JourneyState, touchpoint: FoldedTouchpoint): boolean {
  const newest = state.nums[Num.NewestResolution]!;
  if (newest !== touchpoint.occurredAt) return newest > touchpoint.occurredAt;
  return state.strings[Str.NewestResolution]! > touchpoint.touchpointId;
}

function isLater(a: FoldedTouchpoint | undefined, b: FoldedTouchpoint): boolean {
  if (a === undefined) return false;
  return a.occurredAt === b.occurredAt ? a.touchpointId > b.touchpointId : a.occurredAt > b.occurredAt;
}

function complaintOlder(a: OpenComplaint, b: OpenComplaint): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

function namesCutTicket(complaints: OpenComplaint[], ticket: string): boolean {
  if (ticket.length <= TICKET_CHARACTERS_KEPT) return false;
  const cut = ticket.slice(0, TICKET_CHARACTERS_KEPT + 1);
  return complaints.some((one) => one.ticket === cut);
}

function ticketOf(touchpoint: FoldedTouchpoint): string {
  const ticket = propertyOf(touchpoint.properties, 'ticketId');
  return typeof ticket === 'string' || typeof ticket === 'number' ? String(ticket) : '';
}
