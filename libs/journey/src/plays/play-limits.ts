/** Bounds of plays. They bound what is kept for each customer, how long a step may take, and what a reader can oversee. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../language/duration';

// ---- the document ----------------------------------------------------------------------------------------------

/**
 * The whole document with its plays and templates; without them DEFINITION_TEXT_LENGTH_MAX holds. As JSON in UTF-8 it fits into
 * one event of the log (EVENT_BYTES_MAX, 1,000,000).
 */
export const PLAYS_TEXT_LENGTH_MAX = 163_840;
export const PLAYS_MAX = 64;
/** Steps of one play, those inside branches and splits counted. There are no loops: no enrolment takes more. */
export const STEPS_MAX = 64;
/** Branches and splits inside one another. */
export const STEP_DEPTH_MAX = 6;
export const ARMS_MAX = 8;
export const TEMPLATES_MAX = 128;
/** Characters of one part (subject, text, html) of a template. */
export const TEMPLATE_PART_LENGTH_MAX = 32_768;
export const TEAMS_MAX = 64;
export const CAPS_MAX = 32;
/** Sends that all the caps and the limit on asks may look at together: so many moments are kept for a customer. */
export const CONTACTS_KEPT_MAX = 64;
/** Earlier versions whose plays still run for who entered under them; who is further behind exits as `retired`. */
export const PLAY_VERSIONS_KEPT = 8;

// ---- the state of one customer -----------------------------------------------------------------------------------

/** Enrolments of one customer whose steps are under way; further entries are withheld as `full`. */
export const LIVE_ENROLMENTS_MAX = 16;
/** Requested, in doubt, dead or not known, all together. */
export const OPEN_ACTIONS_MAX = 16;
/** Dead letters that can still be retried. */
export const DEAD_ACTIONS_KEPT = 4;
/** Goals that outlive the steps: of the first entry and of the newest. */
export const GOAL_WATCHES_PER_PLAY = 2;
export const OPEN_ASKS_KEPT = 8;
/** Kinds of asks that are counted apart; further ones count as `other`. */
export const ASK_KINDS_KEPT = 12;
/** Deeds that wait for thanks; further ones are thanked with them. */
export const OWED_DEEDS_KEPT = 8;
export const PLAY_TRAITS_KEPT = 16;
export const SUPPRESSIONS_KEPT = 16;
/** Encoded plays of one customer under the default plays, where ids are UUIDs. Most customers have 0 to 60 bytes. */
export const PLAY_STATE_BYTES_MAX = 4_096;

// ---- time --------------------------------------------------------------------------------------------------------

/** The dispatcher has this long after `sendBefore` to say what became of a request; then it counts as `silent`. */
export const OUTCOME_GRACE_MS = DAY_MS;
/** Nobody resolved an action in doubt for this long: the enrolment goes on. */
export const IN_DOUBT_MAX_MS = 14 * DAY_MS;
/** A request that may be carried out for less than this is not made: it waits for the next opening. */
export const SEND_ROOM_MIN_MS = 5 * MINUTE_MS;
/** Times that one step may ask again after its request expired or was withdrawn. */
export const ROUNDS_MAX = 8;
export const STALE_AFTER_DEFAULT_MS = 7 * DAY_MS;
export const SEND_WITHIN_DEFAULT_MS = 4 * HOUR_MS;
export const ANSWER_WITHIN_DEFAULT_MS = 14 * DAY_MS;
export const CLAIM_DEFAULT_MS = 4 * HOUR_MS;
/** waitFor, waits, goals and claims. */
export const WAIT_MAX_MS = 730 * DAY_MS;

// ---- what a document may ask for -----------------------------------------------------------------------------------

/** Conditions in the rules of all plays of a document. */
export const PLAY_CONDITIONS_MAX = 256;
/** Characters of a value that a step sets. */
export const TRAIT_VALUE_LENGTH_MAX = 128;
/** Purposes whose unknown consent has a default. */
export const PURPOSES_MAX = 32;
/**
 * What the plays of a document may keep for one customer at worst, all of them live at once: PLAY_STATE_BYTES_MAX is what the
 * default plays come to.
 */
export const PLAY_STATE_ESTIMATE_MAX = 12_288;
