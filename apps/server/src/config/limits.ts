import { TOKEN_CHARACTERS_MAX } from '@rapport/engine';
import { CUSTOMER_ID_LENGTH_MAX } from '@rapport/journey';
import type { ServerLimits } from './configuration';

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: ServerLimits = {
  bodyBytesMax: 8 * MIB,
  requestsInFlightMax: 2_000,
  bodyBytesInFlightMax: 256 * MIB,
  connectionsMax: 10_000,
  sseClientsMax: 1_000,
  sseBufferBytesMax: 1 * MIB,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  shutdownGraceMs: 10_000,
};

/** A list answers this many rows where the request names no limit, and never more than the greatest. */
export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 500;
export const TOUCHPOINTS_PER_REQUEST_MAX = 1_000;
export const CUSTOMERS_PER_SETTLE_MAX = 1_000;
export const PREFER_WAIT_SECONDS_MAX = 30;
/** Longest value of a filter, and the most values of one repeated filter. */
export const FILTER_CHARS_MAX = 100;
export const FILTER_VALUES_MAX = 50;
export const CURSOR_CHARS_MAX = 2_048;
/** The router's bound for one path segment: the token of a link; of a customer, percent-encoding takes up to nine bytes for each UTF-16 unit. */
export const PATH_SEGMENT_BYTES_MAX = Math.max(9 * CUSTOMER_ID_LENGTH_MAX, TOKEN_CHARACTERS_MAX);
/** Of a form from a link's page: its longest comment in any script, percent-encoded, fits. */
export const LINK_FORM_BYTES_MAX = 64 * KIB;
/** Of a refused body: more is not read. */
export const THROWN_AWAY_BYTES_MAX = 64 * MIB;
export const HEADER_BYTES_MAX = 32 * KIB;
/** An idle connection is closed after this long without a byte in either direction. */
export const CONNECTION_IDLE_MS = 120_000;
export const KEEP_ALIVE_IDLE_MS = 72_000;
export const SSE_HEARTBEAT_MS = 15_000;
export const SSE_RETRY_MS = 3_000;
/** A subscriber that takes nothing for this long while its buffer is full is cut off. */
export const SSE_STALLED_MS = 30_000;
export const RETRY_AFTER_SECONDS = 1;
/** Of what came back by e-mail: the report's own name, and the Message-ID that it is about. */
export const REPORT_ID_CHARS_MAX = 150;
export const MESSAGE_ID_CHARS_MAX = 500;
/** Who commands plays, in characters. Nobody is checked yet: it is what the caller says. */
export const BY_CHARS_MAX = 100;
export const COMMAND_ID_CHARS_MAX = 64;
/** Reason or note of a command. */
export const REASON_CHARS_MAX = 1_000;
