/**
 * Stretches of time in which plays are paused. Kept as time and not as position, so that a cap, which only decides when a timer's turn
 * comes, cannot move the timer across a pause (decisions/0014).
 */
import { PLAY_CONTROL, type PlayPaused } from '@rapport/journey';

/** As a checkpoint holds it. */
export interface KnownPause {
  play: string;
  /** ms, engine time of the control event. */
  from: number;
  /** null = still: JSON knows no Infinity. */
  until: number | null;
}

/** Stretches of one partition. Beyond them the oldest that is over is forgotten: its timers have fired long since. */
export const PAUSES_KEPT = 256;

/** What holds after a control event at `at`: the same list where it changes nothing. The list handed in is left as it is. */
export function withPlayControl<P extends readonly KnownPause[] | undefined>(
  pauses: P,
  type: string,
  data: string,
  at: number,
): P | KnownPause[] {
  if (type !== PLAY_CONTROL.playPaused && type !== PLAY_CONTROL.playResumed) return pauses;
  const { play } = JSON.parse(data) as PlayPaused;
  const open = pauses?.find((pause) => pause.play === play && pause.until === null);
  if (type === PLAY_CONTROL.playPaused)
    return open ? pauses : bounded([...(pauses ?? []), { play, from: at, until: null }]);
  if (!open) return pauses;
  return pauses!.map((pause) => (pause === open ? { ...pause, until: at } : pause));
}

/**
 * Timers fire before the inputs of the same moment: due exactly when the pause began one still enters, due exactly when it ended
 * it does not.
 */
export function isPaused(pauses: readonly KnownPause[], play: string, at: number, timer: boolean): boolean {
  for (const pause of pauses) {
    if (pause.play !== play) continue;
    const until = pause.until ?? Infinity;
    if (timer ? pause.from < at && at <= until : pause.from <= at && at < until) return true;
  }
  return false;
}

function bounded(pauses: KnownPause[]): KnownPause[] {
  if (pauses.length <= PAUSES_KEPT) return pauses;
  const oldest = pauses.findIndex((pause) => pause.until !== null);
  return pauses.filter((_, place) => place !== Math.max(0, oldest));
}
