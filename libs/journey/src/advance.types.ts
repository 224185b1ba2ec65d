/** The contract of the core: advance(definition, state, input) -> { state, decisions }. */
import type { Decision } from './decision';
import type { PlayInput } from './plays/play-core.types';
import type { FoldedTouchpoint } from './touchpoint';

/**
 * One input of one customer. `at` is the customer's engine time (monotone), never a wall clock.
 * - touchpoint: fires the timers due up to `at` first, each at its own moment; settles pending history first if it is live.
 * - timer: fires every timer due up to `at`.
 *   In both, where history is pending, the first timer settles it at its own moment and fires after that: so one jump of the
 *   clock and many steps come to the same.
 * - definition: re-evaluates under the (newer) definition that is passed; always needs the timeline.
 * - settle: settles pending history; nothing to do where none is pending; else needs the timeline.
 * - command, audience: like a live touchpoint, but nothing is folded: timers up to `at` fire, pending history settles, plays step.
 */
export type Input =
  | { kind: 'touchpoint'; touchpoint: FoldedTouchpoint; at: number; retry?: boolean }
  | { kind: 'timer'; at: number }
  | { kind: 'definition'; at: number }
  | { kind: 'settle'; at: number }
  | PlayInput;

/**
 * What advance says. The state handed in is used up: the caller keeps only the one that comes back (so that advance may
 * work in place). `needs: 'timeline'` = nothing was changed; call again with the customer's whole timeline (every folded,
 * not parked touchpoint before this input, in log order, history included).
 */
export type Advanced<State> = { needs: 'timeline' } | { needs?: undefined; state: State; decisions: Decision[] };
