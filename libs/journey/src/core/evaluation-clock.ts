/**
 * The moment that is asked about, and second results of the answer. They stand beside the calls, not in them: a moment passed
 * as an argument is allocated anew at each call, and evaluation makes dozens of calls for each touchpoint.
 */
/** The earliest moment at which the answer just given may change by time alone; Infinity = never. Read before the next call. */
export const FLIP = 0;
/** The moment at which everything is evaluated. */
export const AT = 1;
/** When the engagement changes by itself. */
export const ENGAGEMENT_FLIP = 2;

export const clock = new Float64Array(3);

export function setClock(at: number): void {
  clock[AT] = at;
  clock[ENGAGEMENT_FLIP] = Infinity;
}
