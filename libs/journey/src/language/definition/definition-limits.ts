/** Bounds of a definition. They bound what is kept for each customer, and what a reader can oversee. */
import { DAY_MS } from '../duration';

export const DEFINITION_TEXT_LENGTH_MAX = 65_536;
/** Faults beyond this many are not listed one by one. */
export const DEFINITION_FAULTS_MAX = 100;
export const STAGES_MAX = 16;
export const STAGE_NAME_LENGTH_MAX = 64;
/** Rules inside one another: all, any and not count one level each, and so does the condition. */
export const RULE_DEPTH_MAX = 8;
/** Rules directly inside one `all` or `any`. */
export const RULES_IN_ONE_MAX = 32;
/** Conditions in the whole document. */
export const CONDITIONS_MAX = 64;
/** Properties in one `where`; members of one list. */
export const WHERE_MAX = 8;
export const LIST_MAX = 32;

/** A count in a window keeps this many moments at most, a distinctDays this many days: "at least n" needs n of them. */
export const COUNT_KEPT_MAX = 64;
/** Sums and shares in a window are kept by whole days. */
export const DAYS_KEPT_MAX = 400;
export const WINDOW_MAX_MS = 3_650 * DAY_MS;
/** State that the conditions of a definition need for one customer at most, all together. */
export const STATE_BYTES_MAX = 16_384;
export const GAPS_MAX = 32;
/** Numbers in comparisons. */
export const NUMBER_ABS_MAX = 1e12;

/** A part of a stream's name. */
export const NAME_PATTERN = '^[a-z][a-z0-9-]{0,62}$';
/** No dots: a condition is named by its path, `loyal.enter.all.0`. */
export const STAGE_NAME_PATTERN = `^[\\p{L}\\p{N}][\\p{L}\\p{N} _-]{0,${STAGE_NAME_LENGTH_MAX - 1}}$`;
