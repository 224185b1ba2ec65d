/** A customer's story, newest first: what happened by the time it happened, and what was decided of it. */
import type { StoredEvent } from '@rapport/event-store';
import { CATALOGUE } from '@rapport/journey';
import type { ChangeRow, CustomerRow } from '@rapport/read-models';
import { EVENT, type ParkedRetried } from '../loop/control-events';
import { listEntries } from '../loop/touchpoint-list';
import type { QueryAnswer } from '../rapport.types';
import { type ChangeBody, changeBodies, sentenceOf } from './change-bodies';
import { decodeCursor, encodeCursor } from './cursor';
import { wholeTouchpoint } from './known-touchpoint';
import { type PlayEntry, playEntries } from './timeline-plays';
import { type Asked, eventsAt, found, iso, notFound, pageSize, textOfBytes } from './sources';

/** Sort key: moment, position, part; -1 = a touchpoint. */
type Key = [at: number, position: number, part: number];

interface Shown {
  change?: ChangeRow;
  play?: PlayEntry;
}

interface Entry extends Shown {
  key: Key;
}

const TOUCHPOINT_PART = -1;

export function timeline(asked: Asked, params: { customerId: string; limit: number; cursor?: string }): QueryAnswer {
  const row = asked.models.customer(params.customerId);
  if (!row) return notFound(asked);
  const question = { timeline: params.customerId };
  const after = decodeCursor(question, params.cursor, isKey);
  const size = pageSize(params.limit);
  const newest = new Newest(size + 1, after);
  gather(asked, row, newest);
  const page = newest.entries.slice(0, size);
  const last = page.at(-1);
  return found(asked, {
    items: describeAll(asked, page),
    ...(newest.entries.length > size && last && { nextCursor: encodeCursor(question, last.key) }),
  });
}

function gather(asked: Asked, { no, tail }: CustomerRow, newest: Newest): void {
  const { positions, occurredAt } = listEntries(tail, asked.models.chunks(no));
  // From the end: newest first or nearly so, and then each older entry costs one comparison.
  for (let i = positions.length - 1; i >= 0; i--) newest.offer(occurredAt[i]!, positions[i]!, TOUCHPOINT_PART);
  for (const axis of ['stage', 'engagement'] as const) {
    const changes = asked.models.changesOf(no, axis);
    for (const change of changes.reverse()) newest.offer(change.at, change.position, change.part, { change });
  }
  for (const play of playEntries(asked, no)) newest.offer(play.at, play.position, play.part, { play });
}

/** The newest entries after a key, in order, out of many that are offered. */
class Newest {
  readonly entries: Entry[] = [];

  constructor(
    private readonly size: number,
    private readonly after: Key | undefined,
  ) {}

  offer(at: number, position: number, part: number, shown: Shown = {}): void {
    const { entries, size, after } = this;
    const last = entries[size - 1];
    if (last !== undefined && at < last.key[0]) return;
    const key: Key = [at, position, part];
    if (after !== undefined && compare(key, after) <= 0) return;
    let place = entries.length;
    while (place > 0 && compare(key, entries[place - 1]!.key) < 0) place--;
    if (place >= size) return;
    entries.splice(place, 0, { key, ...shown });
    if (entries.length > size) entries.pop();
  }
}

/** Newest first. */
function compare(a: Key, b: Key): number {
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}

function describeAll(asked: Asked, page: Entry[]): object[] {
  const touchpoints = page.filter((entry) => !entry.change && !entry.play);
  const rows = page.flatMap((entry) => (entry.change ? [entry.change] : []));
  const events = eventsAt(
    asked,
    touchpoints.map((entry) => entry.key[1]),
  );
  const bodies = changeBodies(asked, rows);
  let nextTouchpoint = 0;
  let nextChange = 0;
  return page.map((entry) => {
    if (entry.play) return entry.play.item();
    if (!entry.change) return touchpointItem(asked, events[nextTouchpoint++]!);
    return changeItem(entry.change, bodies[nextChange++]!);
  });
}

function touchpointItem(asked: Asked, event: StoredEvent): object {
  if (event.type === EVENT.parkedRetried) {
    const { position } = JSON.parse(textOfBytes(event.data)) as ParkedRetried;
    return { ...touchpointItem(asked, eventsAt(asked, [position])[0]!), position: event.position };
  }
  const whole = wholeTouchpoint(event);
  return {
    kind: 'touchpoint',
    position: event.position,
    touchpointId: whole.touchpointId,
    type: whole.type,
    meanings: CATALOGUE.meanings(whole.type),
    channel: whole.channel,
    direction: whole.direction,
    occurredAt: iso(whole.occurredAt),
    recordedAt: iso(event.recordedAt),
    source: whole.source,
    properties: whole.properties,
    ...(whole.text !== undefined && { text: whole.text }),
    ...(whole.actor !== undefined && { actor: whole.actor }),
    history: whole.history,
  };
}

function changeItem(row: ChangeRow, body: ChangeBody): object {
  return {
    kind: row.axis === 'stage' ? 'stageChange' : 'engagementChange',
    id: body.id,
    position: row.position,
    from: row.from,
    to: row.to,
    at: iso(row.at),
    recordedAt: iso(row.recordedAt),
    sentence: sentenceOf(row, body),
    history: row.history,
  };
}

function isKey(key: unknown): key is Key {
  return Array.isArray(key) && key.length === 3 && key.every((part) => Number.isSafeInteger(part));
}
