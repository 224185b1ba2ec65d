/** From rows of the file to the rows of the port. */
import type { CustomerRow, CustomerSummary } from '../read-models';
import type { NameReader } from './names';
import { NO_MOMENT } from './schema';

export type SqlValue = null | number | string | Uint8Array;
/** A row as the driver gives it in array mode. */
export type SqlRow = SqlValue[];

export const SUMMARY_COLUMNS = `no, customer_id, partition, stage, stage_since, engagement, engagement_since, kind,
  last_touchpoint_at, last_channel, touchpoints, due, unsettled, definition_version`;
export const CUSTOMER_COLUMNS = `${SUMMARY_COLUMNS}, state, tail`;
const STATE_COLUMN = 14;

export function toSummary(row: SqlRow, names: NameReader): CustomerSummary {
  return {
    no: row[0] as number,
    customerId: row[1] as string,
    partition: row[2] as number,
    stage: names.textOrNull(row[3] as number),
    stageSince: row[4] === NO_MOMENT ? null : (row[4] as number),
    engagement: names.textOrNull(row[5] as number),
    engagementSince: row[6] as number | null,
    kind: names.text(row[7] as number),
    lastTouchpointAt: row[8] as number,
    lastChannel: names.textOrNull(row[9] as number) ?? '',
    touchpoints: row[10] as number,
    due: row[11] as number | null,
    unsettled: row[12] === 1,
    definitionVersion: row[13] as number,
  };
}

export function toCustomer(row: SqlRow, names: NameReader): CustomerRow {
  const customer = toSummary(row, names) as CustomerRow;
  customer.state = row[STATE_COLUMN] as Uint8Array;
  customer.tail = row[STATE_COLUMN + 1] as Uint8Array;
  return customer;
}
