/** The mapping of a file that needs none: NDJSON with one touchpoint on each line, as POST /v1/touchpoints takes it. */
import type { RowMapper, SentTouchpoint } from './compile-mapping';
import type { Mapping } from './mapping.types';

export const TOUCHPOINT_LINES: Mapping = {
  name: 'touchpoints',
  format: 'ndjson',
  encoding: 'utf-8',
  delimiter: ',',
  fixed: [],
  lookups: [],
  rules: [],
};

/** What the line says goes on as it is, so that a misspelt field is refused and not lost. */
export const touchpointLine: RowMapper = (row) => {
  if (row.fault !== undefined || row.object === undefined) return { kind: 'bad', reason: row.fault ?? 'is no object' };
  return { kind: 'touchpoint', sent: { ...(row.object as SentTouchpoint) } };
};
