/** What must hold of a log after any crash, checked against what the clients know. Answers the faults, in words. */
import { isDeepStrictEqual } from 'node:util';
import { keyOf, type Ledger, type SentTouchpoint } from './ledger';
import type { RawEvent } from './raw-log';

const FAULTS_MAX = 20;

export function checkLog(events: RawEvent[], ledger: Ledger): string[] {
  const faults = [
    ...checkPositions(events),
    ...checkTouchpoints(events, ledger),
    ...checkOrder(events, ledger),
    ...checkDecisions(events),
    ...checkActions(events),
  ];
  return faults.length > FAULTS_MAX
    ? [...faults.slice(0, FAULTS_MAX), `and ${faults.length - FAULTS_MAX} more`]
    : faults;
}

/** Positions are 1, 2, 3, ...; the revisions of each stream are 0, 1, 2, ...; stamps never go back. */
function checkPositions(events: RawEvent[]): string[] {
  const faults: string[] = [];
  const revisions = new Map<string, number>();
  let stamp = 0;
  events.forEach((event, i) => {
    if (event.position !== i + 1) faults.push(`position ${event.position} stands where ${i + 1} should`);
    const expected = revisions.get(event.stream) ?? 0;
    if (event.revision !== expected) faults.push(`${event.stream} has revision ${event.revision}, not ${expected}`);
    revisions.set(event.stream, event.revision + 1);
    if (event.recordedAt < stamp) faults.push(`position ${event.position} is stamped before the one ahead of it`);
    stamp = event.recordedAt;
  });
  return faults;
}

/** Each acknowledged touchpoint is there as often as it was acknowledged, with what was sent; and nothing that nobody sent. */
function checkTouchpoints(events: RawEvent[], ledger: Ledger): string[] {
  const faults: string[] = [];
  const found = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'TouchpointRecorded' || isOutcome(event)) continue;
    const stored = storedTouchpoint(event);
    const key = keyOf(stored);
    const entry = ledger.entries.get(key);
    if (entry === undefined) {
      faults.push(`position ${event.position}: nobody sent ${stored.touchpointId} of ${stored.customerId}`);
      continue;
    }
    found.set(key, (found.get(key) ?? 0) + 1);
    if (!isDeepStrictEqual(stored, normal(entry.item)))
      faults.push(
        `position ${event.position}: ${JSON.stringify(stored)} is not what was sent: ${JSON.stringify(entry.item)}`,
      );
  }
  for (const [key, entry] of ledger.entries) {
    const times = found.get(key) ?? 0;
    if (times < entry.acknowledged)
      faults.push(
        `${entry.item.touchpointId} was acknowledged ${entry.acknowledged} times, and is there ${times} times`,
      );
    if (times > entry.acknowledged + entry.unknown)
      faults.push(`${entry.item.touchpointId} is there ${times} times, more often than it was sent`);
  }
  return faults;
}

function storedTouchpoint(event: RawEvent): SentTouchpoint {
  const data = JSON.parse(event.data) as Omit<SentTouchpoint, 'customerId' | 'occurredAt'>;
  const personal = JSON.parse(event.personal ?? '{}') as Partial<Pick<SentTouchpoint, 'text' | 'properties'>>;
  const occurredAt = new Date(event.occurredAt).toISOString();
  const stored = { ...data, customerId: event.subject, occurredAt, ...personal };
  return normal({ ...stored, properties: { ...data.properties, ...personal.properties } });
}

/** `history: false` and no `history` say the same. */
function normal(item: SentTouchpoint): SentTouchpoint {
  const { history, ...rest } = item;
  return history === true ? { ...rest, history } : rest;
}

/** Written by dispatch, not by a client. */
function isOutcome(event: RawEvent): boolean {
  const { type, source } = JSON.parse(event.data) as SentTouchpoint;
  return source === 'rapport' && type.startsWith('action.');
}

/** A client that waits for each answer finds its touchpoints in the order in which it sent them. */
function checkOrder(events: RawEvent[], ledger: Ledger): string[] {
  const faults: string[] = [];
  const first = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'TouchpointRecorded' || isOutcome(event)) continue;
    const key = keyOf(storedTouchpoint(event));
    if (!first.has(key)) first.set(key, event.position);
  }
  for (const keys of ledger.order.values()) {
    const places = keys.map((key) => first.get(key) ?? 0);
    const wrong = places.findIndex((place, i) => i > 0 && place < places[i - 1]!);
    if (wrong > 0) faults.push(`${keys[wrong]} stands before ${keys[wrong - 1]}, which was sent earlier`);
  }
  return faults;
}

interface Change {
  from: string | null;
  to: string;
  joining?: string;
}

/**
 * No decision stands twice, and of each customer the live changes form a chain: each starts where the one before it ended.
 * A joining change at the point where the customer went live belongs before the first live change, so it is left out.
 */
function checkDecisions(events: RawEvent[]): string[] {
  const faults: string[] = [];
  const ids = new Map<string, number>();
  const standing = new Map<string, string | null>();
  for (const event of events) {
    const twin = ids.get(event.id);
    if (event.stream.startsWith('journey-') && twin !== undefined)
      faults.push(`positions ${twin} and ${event.position} hold the same ${event.type}`);
    ids.set(event.id, event.position);
    if (event.type !== 'StageChanged' && event.type !== 'EngagementChanged') continue;
    const change = JSON.parse(event.data) as Change;
    if (change.joining === 'wentLive') continue;
    const key = `${event.subject} ${event.type}`;
    const before = standing.get(key);
    const startsElsewhere = before !== undefined && change.from !== before;
    if (startsElsewhere || change.from === change.to)
      faults.push(`position ${event.position}: ${key} goes from ${change.from} to ${change.to} after ${before}`);
    standing.set(key, change.to);
  }
  return faults;
}

/**
 * Whatever dispatch wrote of an action stands after the request; attempts are 1, 2, 3, ...; nothing is tried again that has arrived.
 */
function checkActions(events: RawEvent[]): string[] {
  const faults: string[] = [];
  const known = new Map<string, { attempts: number; arrived: boolean }>();
  for (const event of events) {
    const { position, type } = event;
    const outcome = type === 'TouchpointRecorded' && isOutcome(event);
    if (!outcome && type !== 'ActionRequested' && !event.stream.startsWith('actions-')) continue;
    const body = JSON.parse(event.data) as { action?: string; attempt?: number; result?: string; properties?: object };
    const { action } = (outcome ? body.properties : body) as { action?: string };
    const own = known.get(action!);
    if (type === 'ActionRequested') known.set(action!, { attempts: 0, arrived: false });
    else if (type === 'DispatchCheckpointed') continue;
    else if (own === undefined)
      faults.push(`position ${position}: nothing requested the action ${action} of this ${type}`);
    else if (type === 'AttemptStarted') {
      if (own.arrived) faults.push(`position ${position}: ${action} is tried again after it has arrived`);
      if (body.attempt !== ++own.attempts)
        faults.push(`position ${position}: attempt ${body.attempt} is number ${own.attempts}`);
    } else if (type === 'ActionEnded') own.arrived ||= body.result === 'delivered';
  }
  return faults;
}

/** Positions of the stage changes that a subscriber must have seen, in order. */
export function publishedStageChanges(events: RawEvent[]): number[] {
  return events
    .filter((event) => event.type === 'StageChanged' && (JSON.parse(event.data) as Change).joining !== 'wentLive')
    .map((event) => event.position);
}
