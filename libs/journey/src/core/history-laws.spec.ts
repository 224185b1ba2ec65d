/** Laws of history and of evidence, over random small definitions and random lives. */
import fc from 'fast-check';
import type { ChainChange, Decision, HistoryRestated, StageChanged } from '../decision';
import type { Definition } from '../definition';
import type { FoldedTouchpoint, TimelineItem } from '../touchpoint';
import { reverify } from '../verification/reverify';
import { Customer, compiled, DAY, DEFAULT_DEFINITION, type Step } from './customer.fixture';
import { BEGIN, definitions, lawId, scripts, touchpointSets, type ScriptStep } from './law-arbitraries.spec';
import { encodeState } from './state-codec';

const RUNS = 150;
const anyDefinition = fc.oneof({ weight: 5, arbitrary: definitions(true) }, fc.constant(DEFAULT_DEFINITION));
const everything = scripts(['live', 'history', 'history', 'tick', 'settle'], 20);

/** Adopts other definitions in turn, where the script says so. */
function play(customer: Customer, script: ScriptStep[], others: Definition[] = []): void {
  let at = BEGIN;
  script.forEach((step, i) => {
    at += step.after;
    if (step.do === 'tick') customer.tick(at);
    else if (step.do === 'settle') customer.settle(at);
    else if (step.do === 'adopt') {
      const version = customer.definition.version + 1;
      customer.adopt(compiled(others[version % others.length], version), at);
    } else if (step.do === 'live' || step.do === 'history') {
      const touchpointId = lawId(i);
      const sent = { ...step.what, touchpointId, occurredAt: at - step.late, history: step.do === 'history' };
      customer.take({ kind: 'touchpoint', touchpoint: sent, at });
    }
  });
}

interface InForce {
  from: string | null;
  to: string;
  at: number;
  chain: boolean;
}

/** A reader of decisions: what is in force of one axis after each of them. */
class Reader {
  changes: InForce[] = [];
  private parts: InForce[] = [];
  private first: InForce | null = null;

  constructor(private readonly axis: 'stage' | 'engagement') {}

  take(decision: Decision): void {
    if (decision.type === 'HistoryRestated') return this.restate(decision);
    if (decision.type !== (this.axis === 'stage' ? 'StageChanged' : 'EngagementChanged')) return;
    const { from, to, at, joining } = decision;
    const change = { from, to, at, chain: joining === 'wentLive' };
    if (joining === 'wentLive') {
      const place = this.changes.filter((one) => one.chain).length;
      this.changes.splice(place, 0, change);
      return;
    }
    this.changes.push(change);
    // The first change after a chain starts where the chain ended; only what came live is looked at anew.
    this.first ??= change;
  }

  /** Live changes stay; a first entry from none is read anew in the light of the chain. */
  private restate({ part, parts, changes }: HistoryRestated): void {
    if (part === 0) this.parts = [];
    for (const one of changes) if (one.axis === this.axis) this.parts.push({ ...one, chain: true });
    if (part === parts - 1) this.changes = [...this.parts, ...this.changes.filter((one) => !one.chain)];
  }

  /** With a first entry amended or hidden. */
  inForce(): InForce[] {
    const end = this.changes.filter((one) => one.chain).at(-1)?.to ?? null;
    return this.changes.flatMap((one) => {
      if (one !== this.first || one.from !== null) return [one];
      return end === one.to ? [] : [{ ...one, from: end }];
    });
  }
}

describe('changes in force', () => {
  it('start each where the one before it ended, and end where the customer stands', () => {
    fc.assert(
      fc.property(anyDefinition, everything, (definition, script) => {
        const customer = new Customer(compiled(definition));
        play(customer, script);
        for (const axis of ['stage', 'engagement'] as const) {
          const reader = new Reader(axis);
          for (const decision of customer.decisions) reader.take(decision);
          const inForce = reader.inForce();
          // Everybody starts active: that is no change.
          const start = axis === 'stage' || customer.state.engagement === null ? null : 'active';
          const since = axis === 'stage' ? customer.state.stageSince : customer.state.engagementSince;
          inForce.forEach((one, i) => expect(one.from).toBe(inForce[i - 1]?.to ?? start));
          expect(inForce.at(-1)?.to ?? start).toBe(customer.state[axis]);
          if (inForce.length > 0 || axis === 'stage') expect(inForce.at(-1)?.at ?? null).toBe(since);
          inForce.forEach((one, i) => expect(one.at).toBeGreaterThanOrEqual(inForce[i - 1]?.at ?? 0));
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });
});

describe('history', () => {
  const SETTLED_AT = BEGIN + 30 * DAY;

  it('gives the same chain however it is cut, paced and ordered', () => {
    fc.assert(
      fc.property(
        anyDefinition,
        touchpointSets(20, 14).chain((set) =>
          fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
        ),
        fc.array(fc.tuple(fc.integer({ min: 0, max: DAY }), fc.constantFrom('wait', 'settle', 'tick')), {
          maxLength: 14,
        }),
        fc.boolean(),
        (definition, [set, shuffled], pauses, goesLive) => {
          const atOnce = new Customer(compiled(definition));
          for (const one of set) arrive(atOnce, one, SETTLED_AT);
          const paced = new Customer(compiled(definition));
          let at = SETTLED_AT - 15 * DAY;
          shuffled.forEach((one, i) => {
            const [pause, then] = pauses[i] ?? [0, 'wait'];
            arrive(paced, one, (at += pause));
            if (then === 'tick') paced.tick(at);
            if (then === 'settle' && i < shuffled.length - 1) paced.settle(at);
          });
          // Given that no timer has made the customer go live meanwhile.
          fc.pre(paced.state.wentLiveAt === null && (paced.state.due ?? Infinity) > SETTLED_AT);
          const last = [atOnce, paced].map((customer) =>
            goesLive
              ? customer.live({ type: 'web.page.viewed', touchpointId: 'live' }, SETTLED_AT)
              : customer.settle(SETTLED_AT),
          );
          expect(last[1]).toEqual(last[0]);
          expect(encodeState(paced.state)).toEqual(encodeState(atOnce.state));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('settles once: a second settling without new history says nothing', () => {
    fc.assert(
      fc.property(anyDefinition, everything, (definition, script) => {
        const customer = new Customer(compiled(definition));
        play(customer, script);
        const at = BEGIN + 900 * DAY;
        customer.settle(at);
        const bytes = encodeState(customer.state);
        expect(customer.settle(at + DAY)).toEqual([]);
        expect(encodeState(customer.state)).toEqual(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a customer who never went live ends as if each touchpoint had come live when it happened', () => {
    fc.assert(
      fc.property(definitions(true), touchpointSets(20, 14), (definition, set) => {
        const imported = new Customer(compiled(definition));
        for (const one of set) arrive(imported, one, SETTLED_AT);
        imported.settle(SETTLED_AT);
        const lived = new Customer(compiled(definition));
        const inOrder = [...set].sort(
          (a, b) => a.occurredAt - b.occurredAt || (a.touchpointId < b.touchpointId ? -1 : 1),
        );
        for (const one of inOrder) lived.take({ kind: 'touchpoint', touchpoint: one, at: one.occurredAt });
        lived.tick(SETTLED_AT);
        expect(chainOf(imported.decisions).map(bare)).toEqual((lived.decisions as StageChanged[]).map(bare));
        expect(imported.state.stage).toBe(lived.state.stage);
        expect(imported.state.due).toBe(lived.state.due);
      }),
      { numRuns: RUNS },
    );
  });
});

function bare({ from, to, at, evidence }: ChainChange | StageChanged) {
  return { from, to, at, evidence };
}

function arrive(customer: Customer, touchpoint: FoldedTouchpoint, at: number): void {
  customer.take({ kind: 'touchpoint', touchpoint: { ...touchpoint, history: true }, at });
}

function chainOf(decisions: Decision[]): ChainChange[] {
  return decisions.flatMap((one) => (one.type === 'HistoryRestated' ? one.changes : []));
}

describe('evidence', () => {
  it('holds again by separate naive code, for every decision and every change of a chain', () => {
    fc.assert(
      fc.property(
        fc.array(anyDefinition, { minLength: 1, maxLength: 3 }),
        scripts(['live', 'live', 'history', 'tick', 'settle', 'adopt'], 20),
        (all, script) => {
          const customer = new Customer(compiled(all[0], 0));
          play(customer, script, all);
          for (const step of customer.steps) {
            const problems = step.decisions.flatMap((decision) => problemsOf(decision, step, customer, all));
            if (problems.length > 0) throw new Error(problems.join('\n'));
          }
        },
      ),
      { numRuns: 2 * RUNS },
    );
  });

  it('that was tampered with is found out', () => {
    const customer = new Customer();
    customer.live({ type: 'purchase.completed' }, BEGIN);
    const [decision] = customer.decisions.filter((one) => one.type === 'StageChanged');
    const items = customer.timeline;
    expect(reverify(DEFAULT_DEFINITION, 1, decision as StageChanged, items)).toEqual([]);
    const tampered = (change: (copy: StageChanged) => void) => {
      const copy = structuredClone(decision as StageChanged);
      change(copy);
      return reverify(DEFAULT_DEFINITION, 1, copy, items);
    };
    expect(tampered((copy) => (copy.to = 'loyal'))).not.toEqual([]);
    expect(tampered((copy) => (copy.to = 'lead'))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.rule = 'loyal.enter'))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.definitionVersion = 2))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.conditions[0]!.value = 2))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.conditions[0]!.holds = false))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.conditions[0]!.touchpoints[0]!.occurredAt += 1))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.conditions[0]!.touchpoints = []))).not.toEqual([]);
    expect(tampered((copy) => (copy.evidence.conditions[0]!.condition = 'count purchase at least 2'))).not.toEqual([]);
    expect(reverify(DEFAULT_DEFINITION, 1, decision as StageChanged, [])).not.toEqual([]);
  });
});

/** What counted when a decision was made: the settled and live touchpoints before it, and its own. */
function problemsOf(decision: Decision, step: Step, customer: Customer, definitions: Definition[]): string[] {
  if (decision.type === 'HistoryRestated')
    return decision.changes.flatMap((one) => chainProblems(one, decision, step, customer, definitions));
  if (decision.type !== 'StageChanged' && decision.type !== 'EngagementChanged') return [];
  const own = decision.cause.kind === 'touchpoint' ? 1 : 0;
  const settles = step.decisions.some((one) => one.type === 'HistoryRestated');
  const counted = settles || own === 1 ? step.counted + own : step.settled;
  return reverify(
    versionOf(definitions, decision.definitionVersion),
    decision.definitionVersion,
    decision,
    customer.timeline.slice(0, counted),
  );
}

function versionOf(all: Definition[], version: number): Definition {
  return all[version === 0 ? 0 : version % all.length] as Definition;
}

/** All history up to the moment; among equal moments, up to one of them. At the settling itself, what is dated later too. */
function chainProblems(
  change: ChainChange,
  restated: HistoryRestated,
  step: Step,
  customer: Customer,
  all: Definition[],
): string[] {
  const history = customer.timeline.slice(0, step.counted).filter((item) => item.touchpoint.history);
  history.sort(
    (a, b) =>
      a.touchpoint.occurredAt - b.touchpoint.occurredAt ||
      (a.touchpoint.touchpointId < b.touchpoint.touchpointId ? -1 : 1),
  );
  const moment = (item: TimelineItem) => Math.min(item.touchpoint.occurredAt, restated.at);
  const until = history.filter((item) => moment(item) <= change.at).length;
  const surely = history.filter((item) => moment(item) < change.at).length;
  let problems: string[] = [];
  for (let count = until; count >= surely; count--) {
    const definition = versionOf(all, change.definitionVersion);
    problems = reverify(definition, change.definitionVersion, change, history.slice(0, count));
    if (problems.length === 0) return [];
  }
  return problems;
}
