/** Bounds of one touchpoint. Characters are UTF-16 code units. Together they keep an event under a log chunk's 256 KiB. */

export const CUSTOMER_ID_LENGTH_MAX = 128;
export const TOUCHPOINT_ID_LENGTH_MAX = 128;
export const TYPE_LENGTH_MAX = 100;
export const CHANNEL_LENGTH_MAX = 64;
export const SOURCE_LENGTH_MAX = 128;
export const ACTOR_LENGTH_MAX = 128;
export const TEXT_LENGTH_MAX = 20_000;

/** Names directly in `properties`. */
export const PROPERTIES_MAX = 64;
export const PROPERTY_NAME_LENGTH_MAX = 64;
export const PROPERTY_STRING_LENGTH_MAX = 2_000;
/** Lists and objects inside one another; `properties` itself is level 1. */
export const PROPERTY_DEPTH_MAX = 5;
/** Values in all of `properties`, lists and nested objects included. */
export const PROPERTY_VALUES_MAX = 256;
/** Characters of all names and strings in `properties` together. */
export const PROPERTY_CHARACTERS_MAX = 16_384;

/** How far ahead of the server's clock a touchpoint may be dated: clocks differ a little, the future is not a fact. */
export const OCCURRED_AT_FUTURE_TOLERANCE_MS = 5 * 60 * 1_000;
/** 1900-01-01 included to 2201-01-01 excluded, UTC: what lies outside is a slip of the pen. */
export const OCCURRED_AT_FIRST_MS = Date.UTC(1900, 0, 1);
export const OCCURRED_AT_END_MS = Date.UTC(2201, 0, 1);
