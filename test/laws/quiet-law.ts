/** Quiet hours by the platform's own clock, in the zone that the customer had named when the request was made. */
import type { QuietHours } from '@rapport/journey';
import { type LawFacts, sendsOf } from './law-facts';
import type { LawWorld } from './laws';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const HOUR_MINUTES = 60;
const clocks = new Map<string, Intl.DateTimeFormat | null>();

/** Neither the moment of sending nor any in which the request allowed it: both ends, and each half hour between. */
export function noneInQuietHours(facts: LawFacts, { part, timeZone }: LawWorld): string[] {
  const sent = new Map(sendsOf(facts).map(({ request, at }) => [request.action, at]));
  return facts.requests
    .filter((request) => !request.task && !request.overridden)
    .flatMap(({ action, position, notBefore, sendBefore }) => {
      const zone = zoneAt(facts, position, timeZone);
      const moments = [sendBefore, sent.get(action) ?? notBefore];
      for (let at = notBefore; at < sendBefore; at += 30 * 60_000) moments.push(at);
      const quiet = moments.find((at) => isQuiet(part.guards.quiet, at, zone));
      return quiet === undefined ? [] : [`${action} at ${new Date(quiet).toISOString()} in ${zone}`];
    });
}

/** Of what was read by then, the newest word; what names no zone is none. */
function zoneAt({ touchpoints }: LawFacts, position: number, otherwise: string): string {
  let said = otherwise;
  let newest = -Infinity;
  for (const { position: read, touchpoint } of touchpoints) {
    const { timeZone } = touchpoint.properties;
    if (touchpoint.type !== 'profile.updated' || read > position || typeof timeZone !== 'string') continue;
    if (touchpoint.occurredAt < newest) continue;
    newest = touchpoint.occurredAt;
    said = clockOf(timeZone) === null ? otherwise : timeZone;
  }
  return said;
}

function isQuiet({ from, until, weekdays }: QuietHours, at: number, zone: string): boolean {
  const parts = new Map(
    clockOf(zone)
      ?.formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  if (!weekdays.some((day) => WEEKDAYS[day] === parts.get('weekday'))) return true;
  const minute = Number(parts.get('hour')) * HOUR_MINUTES + Number(parts.get('minute'));
  if (from === until) return false;
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

/** Null = no zone that anybody knows. */
function clockOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  let clock: Intl.DateTimeFormat | null = null;
  try {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  clocks.set(timeZone, clock);
  return clock;
}
