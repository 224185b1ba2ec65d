/** A definition prepared for folding and evaluating: what to remember, which types feed what, and the rules as trees. */
import type { Definition, EngagementLimits, Stage } from '../definition';
import { compilePlays, type EarlierPlays } from '../plays/compile/compile-plays';
import type { CompiledPlays, PlayTypePlan } from '../plays/play-core.types';
import { isOutcomeType } from '../plays/outcome';
import { Calendar } from './calendar';
import { FactsLayout, type SelectorFacts } from './facts-layout';
import { compileRule, leavesOf, type Rung } from './rule-node';

/** What a type means; the catalogue is one. The same answer for the same type, always. */
export interface Meanings {
  meanings(type: string): readonly string[];
}

/** The held flags are bits of one number. */
const RUNGS_MAX = 30;
/** Types are data of users: plans of this many are remembered, then forgotten together. */
const PLANS_REMEMBERED_MAX = 4_096;

/** What a touchpoint of one type feeds. */
export interface TypePlan {
  purchase: boolean;
  isReturn: boolean;
  complaint: boolean;
  resolution: boolean;
  facts: SelectorFacts[];
  /** Whether any amount of it is added up. */
  amounts: boolean;
  /** Whether the type is one of an action's outcomes; the touchpoint decides the rest (outcomeOf). */
  outcome: boolean;
  /** Null = no play looks at the type. */
  plays: PlayTypePlan | null;
}

export class CompiledDefinition {
  readonly calendar: Calendar;
  readonly rungs: Rung[];
  readonly layout: FactsLayout;
  readonly limits: EngagementLimits;
  /** Inbound days that the rhythm looks at: one more than gaps. */
  readonly inboundDays: number;
  /** Null = neither this version nor those kept before it have plays. */
  readonly plays: CompiledPlays | null;
  private readonly plans = new Map<string, TypePlan>();

  constructor(
    readonly definition: Definition,
    readonly version: number,
    private readonly catalogue: Meanings,
    earlier: readonly EarlierPlays[],
  ) {
    this.calendar = new Calendar(definition.timeZone);
    this.limits = definition.engagement;
    this.inboundDays = definition.engagement.gaps + 1;
    this.layout = new FactsLayout(this.inboundDays);
    if (definition.stages.length === 0 || definition.stages.length > RUNGS_MAX)
      throw new RangeError(
        `Definition ${definition.name} has ${definition.stages.length} stages; 1 to ${RUNGS_MAX} fit.`,
      );
    this.rungs = definition.stages.map((stage) => compileRung(stage, this.layout));
    this.plays = compilePlays(definition, version, earlier, this.layout, catalogue);
    this.layout.givePlaces();
  }

  get name(): string {
    return this.definition.name;
  }

  plan(type: string): TypePlan {
    return this.plans.get(type) ?? this.makePlan(type);
  }

  private makePlan(type: string): TypePlan {
    const meanings = this.catalogue.meanings(type);
    const facts = this.layout.all.filter((one) => one.selector.matchesType(type, meanings));
    const purchase = meanings.includes('purchase');
    const isReturn = meanings.includes('return');
    const plan: TypePlan = {
      purchase,
      isReturn,
      complaint: meanings.includes('complaint'),
      resolution: meanings.includes('resolution'),
      facts,
      amounts: purchase || isReturn || facts.some((one) => one.sums.length > 0),
      outcome: isOutcomeType(type),
      plays: this.plays === null ? null : this.plays.plan(type),
    };
    if (this.plans.size >= PLANS_REMEMBERED_MAX) this.plans.clear();
    this.plans.set(type, plan);
    return plan;
  }
}

/**
 * `earlier`: the plays of the PLAY_VERSIONS_KEPT versions before, oldest first; those without plays may be left out.
 * Throws a RangeError where the zone is unknown or the stages are too many; the parser refuses such documents earlier.
 */
export function compileDefinition(
  definition: Definition,
  version: number,
  catalogue: Meanings,
  earlier: readonly EarlierPlays[] = [],
): CompiledDefinition {
  return new CompiledDefinition(definition, version, catalogue, earlier);
}

function compileRung(stage: Stage, layout: FactsLayout): Rung {
  const enter = stage.enter ? compileRule(stage.enter, `${stage.name}.enter`, layout) : null;
  const keep = stage.keep ? compileRule(stage.keep, `${stage.name}.keep`, layout) : null;
  return {
    stage: stage.name,
    enter,
    keep,
    enterLeaves: enter ? leavesOf(enter) : [],
    keepLeaves: keep ? leavesOf(keep) : [],
  };
}
