/** From rows of the file to the rows of the port. */
import type { CustomerRow, CustomerSummary } from '../read-models';
import { type CustomerDetails, readDetails } from './customer-details';
import type { NameReader } from './names';
import { NO_MOMENT } from './schema';

export type SqlValue = null | number | string | Uint8Array;
/** A row as the driver gives it in array mode. */
export type SqlRow = SqlValue[];

export const CUSTOMER_COLUMNS = `no, customer_id, partition, stage, stage_since, engagement, kind, last_touchpoint_at,
  last_channel, due, unsettled, definition_version, details`;
const DETAILS_COLUMN = 12;

export function toSummary(row: SqlRow, names: NameReader): CustomerSummary {
  return summaryOf(row, names, detailsOf(row));
}

export function toCustomer(row: SqlRow, names: NameReader): CustomerRow {
  const details = detailsOf(row);
  const customer = summaryOf(row, names, details) as CustomerRow;
  customer.state = details.state;
  customer.tail = details.tail;
  return customer;
}

function detailsOf(row: SqlRow): CustomerDetails {
  return readDetails(row[DETAILS_COLUMN] as Uint8Array);
}

function summaryOf(row: SqlRow, names: NameReader, details: CustomerDetails): CustomerSummary {
  return {
    no: row[0] as number,
    customerId: row[1] as string,
    partition: row[2] as number,
    stage: names.textOrNull(row[3] as number),
    stageSince: row[4] === NO_MOMENT ? null : (row[4] as number),
    engagement: names.textOrNull(row[5] as number),
    engagementSince: details.engagementSince,
    kind: names.text(row[6] as number),
    lastTouchpointAt: row[7] as number,
    lastChannel: names.textOrNull(row[8] as number) ?? '',
    touchpoints: details.touchpoints,
    due: row[9] as number | null,
    unsettled: row[10] === 1,
    definitionVersion: row[11] as number,
  };
}
