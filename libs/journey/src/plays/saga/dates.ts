/** Dates that touchpoints name, for plays that start before or after them: of each play the newest value counts. */
import type { FoldedTouchpoint, JsonValue } from '../../touchpoint';
import { propertyOf } from '../../core/selector';
import { parseInstant } from '../../language/touchpoint/instant';
import { OCCURRED_AT_END_MS, OCCURRED_AT_FIRST_MS } from '../../language/touchpoint/touchpoint-limits';
import type { CompiledPlay } from '../compile/compiled-play';
import type { PlayDate, PlayState } from '../play-state';
import { withAdded, without } from '../state/play-states';

/** Characters of 2026-03-04. */
const DATE_LENGTH = 10;

/** `at`: what is due before it has passed and is done without a word. */
export function noteDates(
  plays: PlayState,
  dated: readonly CompiledPlay[],
  touchpoint: FoldedTouchpoint,
  at: number,
): void {
  for (const play of dated) {
    if (play.trigger?.matches(touchpoint) === true) noteDate(plays, play, touchpoint, at);
  }
}

function noteDate(plays: PlayState, { play }: CompiledPlay, touchpoint: FoldedTouchpoint, at: number): void {
  if (play.trigger.on !== 'date') return;
  const date = momentOf(propertyOf(touchpoint.properties, play.trigger.property));
  if (date === null) return;
  const known = plays.dates.find((one) => one.play === play.name);
  const { occurredAt, touchpointId } = touchpoint;
  if (known !== undefined && !isNewer(touchpoint, known)) return;
  // Said again is the same date: what was done for it is done.
  const done = (known?.date === date && known.done) || date + play.trigger.offset < at;
  const others = known === undefined ? plays.dates : without(plays.dates, known);
  plays.dates = withAdded(others, { play: play.name, date, saidAt: occurredAt, saidBy: touchpointId, done });
}

function isNewer({ occurredAt, touchpointId }: FoldedTouchpoint, known: PlayDate): boolean {
  return occurredAt > known.saidAt || (occurredAt === known.saidAt && touchpointId > known.saidBy);
}

/** ISO text with a zone, a plain date (its start in UTC), or ms. Null = neither, or not of the time in which anything can happen. */
function momentOf(value: JsonValue | undefined): number | null {
  const moment = typeof value === 'string' ? parsedMoment(value) : value;
  if (typeof moment !== 'number') return null;
  return moment >= OCCURRED_AT_FIRST_MS && moment < OCCURRED_AT_END_MS ? Math.floor(moment) : null;
}

function parsedMoment(text: string): number {
  return parseInstant(text.length === DATE_LENGTH ? `${text}T00:00:00Z` : text);
}
