/** Who stood on a stage at a moment: the people behind the opening and the closing of a report. */
import type { StandingPage } from '../read-models';
import { STAGE_AXIS } from './axes';
import type { NameReader } from './names';
import type { Statements } from './statements';

/** Customers looked at for one page: a page of a rare stage may be short, and its key goes on from there. */
export const STANDING_LOOK_CUSTOMERS_MAX = 20_000;
const LAST_CHANGE = `SELECT to_, at FROM changes
  WHERE changes.no = customers.no AND axis = ${STAGE_AXIS} AND at < ?2 AND +hidden = 0`;
const PAGE = `SELECT no, customer_id,
    (${LAST_CHANGE.replace('to_, at', 'to_')} ORDER BY at DESC, position DESC, part DESC LIMIT 1) AS stood,
    (${LAST_CHANGE.replace('to_, at', 'at')} ORDER BY at DESC, position DESC, part DESC LIMIT 1) AS since
  FROM customers WHERE no > ?1 ORDER BY no LIMIT ?3`;

type Row = [no: number, customerId: string, stood: number | null, since: number | null];

export class StandingList {
  constructor(
    private readonly statements: Statements,
    private readonly names: NameReader,
  ) {}

  page(stage: string, before: number, after: number, limit: number): StandingPage {
    const wanted = this.names.find(stage);
    const items: StandingPage['items'] = [];
    const rows = this.statements.all(PAGE, after, before, STANDING_LOOK_CUSTOMERS_MAX) as Row[];
    for (const [no, customerId, stood, since] of rows) {
      if (stood === null || stood !== wanted) continue;
      if (items.length === limit) return { items, next: items.at(-1)!.no };
      items.push({ no, customerId, since: since! });
    }
    const last = rows.at(-1);
    return rows.length === STANDING_LOOK_CUSTOMERS_MAX && last ? { items, next: last[0] } : { items };
  }
}
