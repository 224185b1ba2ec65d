/**
 * Changes in force. A list is ordered by (position, part). Steps (from, to) are few, so a list is one ordered range of
 * `changes_by_step` for each, merged. The rows themselves stand by customer and moment.
 */
import type { Axis, ChangeFilter, ChangeKey, ChangeRow } from '../read-models';
import { AXES, axisNumber } from './axes';
import type { SqlRow } from './customer-columns';
import type { NameReader } from './names';
import type { QueryLimits } from './query-limits';
import type { Statements } from './statements';

const COLUMNS = `c.position, c.part, c.no, u.customer_id, c.axis, c.from_, c.to_, c.at, c.recorded_at,
  c.definition_version, c.history, c.chain`;
/** What finds a row again: its place in the list first. */
const KEY = 'position, part, no, axis, at';
const JOINED = `changes c CROSS JOIN customers u ON u.no = c.no`;

interface Ask {
  axis: number;
  /** Test on history, to_ and from_; '' = none. */
  steps: string;
  /** Test on the moment; '' = none. */
  span: string;
  after: ChangeKey | undefined;
  limit: number;
}

export class ChangeList {
  constructor(
    private readonly statements: Statements,
    private readonly names: NameReader,
    private readonly limits: QueryLimits,
  ) {}

  list(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): ChangeRow[] {
    const tests = this.stepTests(filter);
    if (tests === null) return [];
    const span = spanOf(filter);
    const ask: Ask = { axis: axisNumber(filter.axis), steps: tests.join(' AND '), span, after, limit };
    if (filter.customerId !== undefined) return this.ofCustomer(ask, filter.customerId);
    if (span === '') return this.byStep(ask, filter);
    if (this.countInSpan(ask) <= this.limits.fewChangesMax) return this.bySpan(ask);
    return this.byStepWithin(ask, filter) ?? this.bySpan(ask);
  }

  /** Of one customer in the order of time: each starts where the one before it ended. */
  of(no: number, axis: Axis): ChangeRow[] {
    const sql = `SELECT ${COLUMNS} FROM ${JOINED} WHERE c.no = ? AND c.axis = ? AND c.hidden = 0
      ORDER BY c.at, c.position, c.part`;
    return this.rows(sql, no, axisNumber(axis));
  }

  /** Null where a name is asked for that was never used. */
  private stepTests(filter: ChangeFilter): string[] | null {
    const tests: string[] = [];
    if (filter.history !== undefined) tests.push(`history = ${filter.history ? 1 : 0}`);
    for (const [column, wanted] of [['to_', filter.to] as const, ['from_', filter.from] as const]) {
      if (wanted === undefined || wanted.length === 0) continue;
      const numbers = wanted.flatMap((name) => this.names.find(name) ?? []);
      if (numbers.length === 0) return null;
      tests.push(`${column} IN (${numbers.join()})`);
    }
    return tests;
  }

  private ofCustomer(ask: Ask, customerId: string): ChangeRow[] {
    const no = this.statements.first('SELECT no FROM customers WHERE customer_id = ?', customerId)?.[0];
    if (no === undefined) return [];
    // The unary plus keeps the planner on the key of the rows.
    const tests = [`axis = ${ask.axis}`, ...testsOf(ask), ...(ask.span === '' ? [] : ask.span.split(' AND '))];
    return this.ordered(ask, `changes WHERE no = ${no as number} AND ${tests.map((test) => `+${test}`).join(' AND ')}`);
  }

  private bySpan(ask: Ask): ChangeRow[] {
    const tests = [ask.span, ...testsOf(ask)].join(' AND ');
    return this.ordered(ask, `changes INDEXED BY changes_by_at WHERE axis = ${ask.axis} AND ${tests}`);
  }

  private ordered(ask: Ask, found: string): ChangeRow[] {
    const keys = `SELECT ${KEY} FROM ${found} ${afterKey(ask)} ORDER BY position, part LIMIT ?`;
    return this.read(this.statements.all(keys, ...keyParameters(ask), ask.limit), ask);
  }

  private byStep(ask: Ask, filter: ChangeFilter): ChangeRow[] {
    const keys = this.steps(ask, filter).flatMap((step) =>
      this.statements.all(
        `SELECT ${KEY} FROM changes INDEXED BY changes_by_step WHERE ${step} ${afterKey(ask)}
         ORDER BY position, part LIMIT ?`,
        ...keyParameters(ask),
        ask.limit,
      ),
    );
    return this.read(keys, ask);
  }

  /** The same within a span of time; undefined where walking did not fill the page. */
  private byStepWithin(ask: Ask, filter: ChangeFilter): ChangeRow[] | undefined {
    const keys: SqlRow[] = [];
    for (const step of this.steps(ask, filter)) {
      const walked = this.statements.all(
        `SELECT ${KEY} FROM (
           SELECT ${KEY} FROM changes INDEXED BY changes_by_step WHERE ${step} ${afterKey(ask)}
           ORDER BY position, part LIMIT ${this.limits.walkedChangesMax}) WHERE ${ask.span} LIMIT ?`,
        ...keyParameters(ask),
        ask.limit,
      );
      if (walked.length < ask.limit) return undefined;
      keys.push(...walked);
    }
    return this.read(keys, ask);
  }

  /** One condition for each range of the index that the filter lets through. */
  private steps(ask: Ask, filter: ChangeFilter): string[] {
    const tests = ask.steps
      .split(' AND ')
      .filter((test) => test !== '' && !test.startsWith('history'))
      .join(' AND ');
    const pairs = this.statements.all(
      `SELECT DISTINCT to_, from_ FROM change_days WHERE axis = ${ask.axis} ${tests === '' ? '' : `AND ${tests}`}`,
    );
    const histories = filter.history === undefined ? [0, 1] : [filter.history ? 1 : 0];
    return histories.flatMap((history) =>
      pairs.map(
        ([to, from]) =>
          `axis = ${ask.axis} AND hidden = 0 AND history = ${history} AND to_ = ${Number(to)} AND from_ = ${Number(from)}`,
      ),
    );
  }

  private countInSpan(ask: Ask): number {
    return this.statements.number(
      `SELECT count(*) FROM (SELECT 1 FROM changes INDEXED BY changes_by_at
       WHERE axis = ${ask.axis} AND ${ask.span} LIMIT ${this.limits.fewChangesMax + 1})`,
    );
  }

  private read(keys: SqlRow[], ask: Ask): ChangeRow[] {
    keys.sort((a, b) => (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number));
    const sql = `SELECT ${COLUMNS} FROM ${JOINED} WHERE c.position = ? AND c.part = ? AND c.no = ? AND c.axis = ? AND c.at = ?`;
    return keys.slice(0, ask.limit).flatMap((key) => this.rows(sql, ...(key as number[])));
  }

  private rows(sql: string, ...parameters: number[]): ChangeRow[] {
    return this.statements.all(sql, ...parameters).map((row) => toChange(row, this.names));
  }
}

/** Beside the axis and the span of time. */
function testsOf(ask: Ask): string[] {
  return ['hidden = 0', ...(ask.steps === '' ? [] : ask.steps.split(' AND '))];
}

function spanOf(filter: ChangeFilter): string {
  const tests: string[] = [];
  if (filter.atFrom !== undefined) tests.push(`at >= ${Math.ceil(filter.atFrom)}`);
  if (filter.atUntil !== undefined) tests.push(`at < ${Math.ceil(filter.atUntil)}`);
  return tests.join(' AND ');
}

function afterKey(ask: Ask): string {
  return ask.after ? 'AND (position, part) > (?, ?)' : '';
}

function keyParameters(ask: Ask): number[] {
  return ask.after ? [ask.after.position, ask.after.part] : [];
}

export function toChange(row: SqlRow, names: NameReader): ChangeRow {
  return {
    position: row[0] as number,
    part: row[1] as number,
    no: row[2] as number,
    customerId: row[3] as string,
    axis: AXES[row[4] as number] as Axis,
    from: names.textOrNull(row[5] as number),
    to: names.text(row[6] as number),
    at: row[7] as number,
    recordedAt: row[8] as number,
    definitionVersion: row[9] as number,
    history: row[10] === 1,
    chain: row[11] === 1,
  };
}
