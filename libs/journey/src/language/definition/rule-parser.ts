/** Parses rules: conditions, one measure each, with all / any / not around them. */
import { ENGAGEMENTS, type Condition, type Engagement, type Selector } from '../../definition';
import { meantOrOneOf } from '../closest-word';
import { DAY_MS } from '../duration';
import { kindOf, pointerTo } from '../touchpoint/touchpoint-error';
import { CONDITIONS_MAX, COUNT_KEPT_MAX, DAYS_KEPT_MAX, RULE_DEPTH_MAX, RULES_IN_ONE_MAX } from './definition-limits';
import type { FaultList, Members } from './fault-list';
import { ANY, checkProperty, checkTestFits, readSelector } from './selector-parser';
import { COUNTS, NUMBERS, readComparison, readTestMembers, readWindow, SHARES, SPANS, TEST_KEYS } from './value-parser';

export const MEASURES = ['count', 'distinctDays', 'sum', 'since', 'tenure', 'last', 'share', 'engagement'] as const;
type Measure = (typeof MEASURES)[number];
const GROUPS = ['all', 'any', 'not'] as const;
const HEADS: readonly string[] = [...MEASURES, ...GROUPS];
type Head = Measure | (typeof GROUPS)[number];

const COMPARE_KEYS = ['atLeast', 'atMost'] as const;
/** Keys that may stand beside each measure. */
const BESIDE: Readonly<Record<Head, readonly string[]>> = {
  count: [...COMPARE_KEYS, 'within'],
  distinctDays: [...COMPARE_KEYS, 'within'],
  sum: ['property', ...COMPARE_KEYS, 'within'],
  since: COMPARE_KEYS,
  tenure: COMPARE_KEYS,
  last: ['property', ...TEST_KEYS],
  share: [...COMPARE_KEYS, 'within'],
  engagement: [],
  all: [],
  any: [],
  not: [],
};

/** A rule whose conditions are measures or `Other`. */
export type RuleWith<Other> =
  Condition | Other | { all: RuleWith<Other>[] } | { any: RuleWith<Other>[] } | { not: RuleWith<Other> };

/** Conditions that stand beside the measures in some rules. */
export interface OtherConditions<Other> {
  /** The key that names each, and the keys that may stand beside it. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
  /** Conditions in the whole document. */
  readonly conditionsMax: number;
  /** @param at pointer of the head itself */
  read(head: string, members: Members, path: string, at: string): Other | undefined;
}

/** Parses the rules of one document; counts their conditions. */
export class RuleParser<Other = never> {
  private conditions = 0;
  private readonly heads: readonly string[];
  private readonly conditionsMax: number;

  constructor(
    private readonly faults: FaultList,
    private readonly others?: OtherConditions<Other>,
  ) {
    this.heads = others === undefined ? HEADS : [...HEADS, ...Object.keys(others.beside)];
    this.conditionsMax = others?.conditionsMax ?? CONDITIONS_MAX;
  }

  /** undefined where the rule is faulty; what stays of it is not used then. */
  rule(value: unknown, path: string, depth = 1): RuleWith<Other> | undefined {
    const { faults } = this;
    if (depth > RULE_DEPTH_MAX) {
      return faults.add(path, `is nested deeper than ${RULE_DEPTH_MAX} levels`, 'Flatten the rule');
    }
    const head = this.head(value, path);
    if (head === undefined) return undefined;
    const beside = this.others?.beside[head] ?? BESIDE[head as Head];
    const members = faults.members(value, path, [head, ...beside], `a "${head}" rule`);
    if (members === undefined) return undefined;
    const at = pointerTo(path, head);
    if (head === 'all' || head === 'any') return this.group(head, members[head], at, depth);
    if (head === 'not') {
      const inner = this.rule(members['not'], at, depth + 1);
      return inner && { not: inner };
    }
    if (++this.conditions === this.conditionsMax + 1) {
      faults.add(path, `is one condition more than the ${this.conditionsMax} that a definition may have`, 'Use fewer');
    }
    if (this.others !== undefined && head in this.others.beside) return this.others.read(head, members, path, at);
    return this.condition(head as Measure, members, path, at);
  }

  /** The one key that says what kind of rule it is. */
  private head(value: unknown, path: string): string | undefined {
    const { faults, heads: known } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const mend = Array.isArray(value)
        ? 'Write { all: [...] } around it'
        : 'Write it like { count: purchase, atLeast: 1 }';
      return faults.add(path, `a rule must be an object, but is ${kindOf(value)}`, mend);
    }
    const names = Object.keys(value);
    const heads = known.filter((head) => names.includes(head));
    if (heads.length === 1) return heads[0];
    if (heads.length > 1)
      return faults.add(path, `mixes ${heads.join(' and ')} in one rule`, 'Write { all: [...] } around them');
    const idle = new Set<string>(['within', 'property', ...TEST_KEYS]);
    const wrong = names.find((name) => !idle.has(name));
    if (wrong === undefined) return faults.add(path, 'measures nothing', `Name one of: ${known.join(', ')}`);
    return faults.add(pointerTo(path, wrong), `"${wrong}" is no measure`, meantOrOneOf(wrong, known));
  }

  private group(head: 'all' | 'any', value: unknown, path: string, depth: number): RuleWith<Other> | undefined {
    const list = this.faults.listOf(value, path, RULES_IN_ONE_MAX, `"${head}"`);
    const rules = (list ?? []).map((member, i) => this.rule(member, `${path}/${i}`, depth + 1));
    const good = rules.filter((rule) => rule !== undefined);
    if (good.length === 0) return undefined;
    return head === 'all' ? { all: good } : { any: good };
  }

  private condition(measure: Measure, members: Members, path: string, at: string): Condition | undefined {
    const { faults } = this;
    const value = members[measure];
    switch (measure) {
      case 'count':
      case 'distinctDays':
        return this.counted(measure, value, members, path, at);
      case 'sum': {
        const of = readSelector(value, at, faults, ['property']);
        const property = this.property(value, members, of, path, at);
        const compare = readComparison(members, path, NUMBERS, faults);
        return { measure, of, property, compare, ...this.wholeDays(members, path) };
      }
      case 'since':
      case 'tenure': {
        const of = readSelector(value ?? (measure === 'tenure' ? ANY : value), at, faults);
        return { measure, of, compare: readComparison(members, path, SPANS, faults) };
      }
      case 'last': {
        const of = readSelector(value, at, faults, ['property']);
        const property = this.property(value, members, of, path, at);
        const test = readTestMembers(members, path, faults);
        if (test) checkTestFits(property, test, of, path, faults);
        return test && { measure, of, property, test };
      }
      case 'share':
        return this.share(value, members, path, at);
      case 'engagement':
        return { measure, oneOf: this.engagements(value, at) };
    }
  }

  private counted(
    measure: 'count' | 'distinctDays',
    value: unknown,
    members: Members,
    path: string,
    at: string,
  ): Condition {
    const { faults } = this;
    const of = readSelector(value, at, faults);
    const compare = readComparison(members, path, COUNTS, faults);
    const within = readWindow(members['within'], pointerTo(path, 'within'), faults);
    const kept = Math.max(compare.atLeast ?? 0, (compare.atMost ?? -1) + 1);
    if ((within !== undefined || measure === 'distinctDays') && kept > COUNT_KEPT_MAX) {
      const what = measure === 'count' ? 'moments in a window' : 'days';
      faults.add(
        path,
        `would keep ${kept} ${what} for each customer; the bound is ${COUNT_KEPT_MAX} (COUNT_KEPT_MAX)`,
        'Ask for fewer',
      );
    }
    return { measure, of, compare, ...(within === undefined ? {} : { within }) };
  }

  /** `property` beside the measure, or in its long form. */
  private property(value: unknown, members: Members, of: Selector, path: string, at: string): string {
    const inside = typeof value === 'object' && value !== null ? (value as Members)['property'] : undefined;
    const beside = members['property'];
    if (inside !== undefined && beside !== undefined)
      this.faults.add(path, 'names the property twice', 'Keep one of them');
    const property = beside ?? inside;
    const where = beside === undefined && inside !== undefined ? at : path;
    if (property === undefined) this.faults.add(path, 'names no property', 'Add it, for example "property: value"');
    else if (checkProperty(property, of, pointerTo(where, 'property'), this.faults)) return property;
    return '';
  }

  /** Sums and shares are folded by whole days, so that neither order nor rounding can change them. */
  private wholeDays(members: Members, path: string): { within?: number } {
    const at = pointerTo(path, 'within');
    const within = readWindow(members['within'], at, this.faults);
    if (within === undefined) return {};
    if (within % DAY_MS !== 0)
      this.faults.add(
        at,
        'is no whole number of days; sums and shares are kept by days',
        'Write it in days, such as 30d',
      );
    if (within > DAYS_KEPT_MAX * DAY_MS) {
      const problem = `would keep ${within / DAY_MS} days for each customer; the bound is ${DAYS_KEPT_MAX} (DAYS_KEPT_MAX)`;
      this.faults.add(at, problem, 'Use a shorter window, or leave "within" out to look at everything');
    }
    return { within };
  }

  private share(value: unknown, members: Members, path: string, at: string): Condition | undefined {
    const { faults } = this;
    const parts = faults.members(value, at, ['of', 'among'], 'share');
    if (parts === undefined) return undefined;
    for (const name of ['of', 'among']) {
      if (parts[name] === undefined)
        faults.add(at, `share lacks "${name}"`, 'Write it like { of: complaint, among: any }');
    }
    // Only what is missing was told already; null is no selector and is told by its reader.
    const { of: counted = ANY, among: whole = ANY } = parts;
    const of = readSelector(counted, pointerTo(at, 'of'), faults);
    const among = readSelector(whole, pointerTo(at, 'among'), faults);
    const compare = readComparison(members, path, SHARES, faults);
    return { measure: 'share', of, among, compare, ...this.wholeDays(members, path) };
  }

  private engagements(value: unknown, path: string): Engagement[] {
    const list =
      typeof value === 'string' ? [value] : this.faults.listOf(value, path, ENGAGEMENTS.length, 'engagement');
    const named: Engagement[] = [];
    for (const [i, word] of (list ?? []).entries()) {
      const at = typeof value === 'string' ? path : `${path}/${i}`;
      const engagement = ENGAGEMENTS.find((known) => known === word);
      if (engagement === undefined) {
        this.faults.add(at, 'is no engagement', meantOrOneOf(typeof word === 'string' ? word : '', ENGAGEMENTS));
      } else if (named.includes(engagement)) this.faults.add(at, `names "${engagement}" twice`, 'Leave one out');
      else named.push(engagement);
    }
    return named;
  }
}
