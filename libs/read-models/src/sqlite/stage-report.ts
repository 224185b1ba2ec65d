/** Stage flows of a period, by the date of the change, from the day counters and the two days that the period cuts. */
import type { StageFlow } from '../read-models';
import { DAY_MS } from './change-days';
import { STAGE_AXIS } from './axes';
import { NO_NAME, type NameReader } from './names';
import type { Statements } from './statements';

const WHOLE_DAYS = `SELECT from_, to_, sum(changes) FROM change_days
  WHERE axis = ${STAGE_AXIS} AND day >= ? AND day < ? GROUP BY from_, to_`;
const PART_OF_DAY = `SELECT from_, to_, count(*) FROM changes INDEXED BY changes_by_at
  WHERE axis = ${STAGE_AXIS} AND at >= ? AND at < ? AND hidden = 0 GROUP BY from_, to_`;

/** Net numbers of steps (from, to). */
type Step = [from: number, to: number, changes: number];

export class StageReport {
  constructor(
    private readonly statements: Statements,
    private readonly names: NameReader,
  ) {}

  /** One flow for each stage that a change dated before `until` names, in the order of the names. */
  report(from: number, until: number): StageFlow[] {
    const flows = new Map<number, StageFlow>();
    const flow = (stage: number): StageFlow => {
      const known = flows.get(stage);
      if (known) return known;
      const fresh = { stage: this.names.text(stage), opening: 0, in: 0, out: 0, closing: 0 };
      flows.set(stage, fresh);
      return fresh;
    };
    const start = Math.ceil(from);
    const end = Math.max(start, Math.ceil(until));
    const before = this.before(start);
    for (const [source, target, changes] of before) {
      if (target !== NO_NAME) flow(target).opening += changes;
      if (source !== NO_NAME) flow(source).opening -= changes;
    }
    for (const [source, target, changes] of difference(this.before(end), before)) {
      if (target !== NO_NAME) flow(target).in += changes;
      if (source !== NO_NAME) flow(source).out += changes;
    }
    for (const one of flows.values()) one.closing = one.opening + one.in - one.out;
    return [...flows.values()].sort((a, b) => (a.stage < b.stage ? -1 : 1));
  }

  /** Steps dated before a moment. */
  private before(moment: number): Step[] {
    const day = Math.floor(moment / DAY_MS);
    const wholeDays = this.statements.all(WHOLE_DAYS, Number.MIN_SAFE_INTEGER, day) as Step[];
    const rest = moment === day * DAY_MS ? [] : (this.statements.all(PART_OF_DAY, day * DAY_MS, moment) as Step[]);
    return [...wholeDays, ...rest];
  }
}

function difference(later: Step[], earlier: Step[]): Step[] {
  return [...later, ...earlier.map(([from, to, changes]): Step => [from, to, -changes])];
}
