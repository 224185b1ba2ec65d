/**
 * Second results of the evaluation, passed beside the first so that nothing is allocated on the hot path. Each function says
 * which it leaves; the caller reads it before it calls another.
 */
/** [0] the earliest moment at which the answer just given may change by time alone; Infinity = never. */
export const flips = new Float64Array(1);
