/**
 * Checks a decision's evidence from the raw touchpoints by naive code that shares nothing with the fold: every condition is
 * measured again by filtering plain arrays, and the rungs are answered again as far as that is possible without knowing
 * which were held.
 */
import type { ChainChange, ConditionEvidence, EngagementChanged, StageChanged } from '../decision';
import type { Condition, Definition, Rule, Stage } from '../definition';
import { canonicalCondition } from '../language/canonical-condition';
import { CATALOGUE } from '../language/catalogue/catalogue';
import type { TimelineItem } from '../touchpoint';
import { naiveCondition, naiveRule, type NaiveAnswer } from './naive-conditions';
import { naiveEngagement } from './naive-engagement';
import { naiveWorld, type World } from './naive-world';

export type Reverifiable = StageChanged | EngagementChanged | ChainChange;

/**
 * Problems in words; none = the evidence holds. `items`: what counts at that moment, in any order: for a live decision the
 * settled and live touchpoints up to its cause, for a change of a chain the history up to its moment.
 */
export function reverify(
  definition: Definition,
  version: number,
  decision: Reverifiable,
  items: TimelineItem[],
  catalogue: { meanings(type: string): readonly string[] } = CATALOGUE,
): string[] {
  const { evidence } = decision;
  const problems: string[] = [];
  if (decision.from === decision.to) problems.push(`it changes nothing: from ${decision.from} to ${decision.to}`);
  if (evidence.definition !== definition.name || evidence.definitionVersion !== version)
    problems.push(`its evidence names definition ${evidence.definition} version ${evidence.definitionVersion}`);
  if (joiningOf(decision) === 'wentLive') return problems;
  // A timer due at the very moment of a settling fires after it, so that the settling shows what was before.
  const early = joiningOf(decision) === 'settling' && evidence.at === decision.at - 1;
  if (evidence.at !== decision.at && !early) problems.push(`its evidence is of another moment, ${evidence.at}`);
  if (items.length === 0) return [...problems, 'no touchpoint counts at that moment'];
  const touchpoints = items.map((item) => item.touchpoint);
  const world = naiveWorld(definition, touchpoints, (type) => catalogue.meanings(type));
  const check = isEngagement(decision) ? engagementProblems : stageProblems;
  return [...problems, ...check(world, decision)];
}

function isEngagement(decision: Reverifiable): boolean {
  return 'axis' in decision ? decision.axis === 'engagement' : decision.type === 'EngagementChanged';
}

function joiningOf(decision: Reverifiable): 'wentLive' | 'settling' | undefined {
  return 'joining' in decision ? decision.joining : undefined;
}

function engagementProblems(world: World, decision: Reverifiable): string[] {
  const { evidence, to } = decision;
  const naive = naiveEngagement(world, evidence.at);
  const problems: string[] = [];
  if (naive.value !== to) problems.push(`the engagement was ${naive.value}, not ${to}`);
  if (evidence.rule !== 'engagement') problems.push(`rule ${evidence.rule} decides no engagement`);
  if (evidence.conditions.length !== naive.conditions.length)
    problems.push(`it names ${evidence.conditions.length} conditions, not ${naive.conditions.length}`);
  naive.conditions.forEach((expected, i) => {
    const found = canonicalJson(evidence.conditions[i]);
    if (found !== canonicalJson(expected))
      problems.push(`condition ${expected.path} is ${canonicalJson(expected)}, not ${found}`);
  });
  return problems;
}

function canonicalJson(condition: ConditionEvidence | undefined): string {
  if (condition === undefined) return 'missing';
  const { path, condition: text, holds, value, atLeast, touchpoints } = condition;
  return JSON.stringify([
    path,
    text,
    holds,
    value,
    atLeast ?? false,
    touchpoints.map((one) => [one.touchpointId, one.occurredAt]),
  ]);
}

function stageProblems(world: World, decision: Reverifiable): string[] {
  const { stages } = world.definition;
  const { evidence } = decision;
  const place = stages.findIndex((stage) => stage.name === decision.to);
  const stood = stages[place];
  if (stood === undefined) return [`the definition has no stage ${decision.to}`];
  const problems: string[] = [];
  const enters = stood.enter === undefined || naiveRule(world, stood.enter, evidence.at);
  const keeps = stood.keep !== undefined && naiveRule(world, stood.keep, evidence.at);
  // The lowest rung is where a customer stands when nothing else holds.
  if (!enters && !keeps && place > 0) problems.push(`${decision.to} did not hold`);
  for (const above of stages.slice(place + 1))
    if (above.enter === undefined || naiveRule(world, above.enter, evidence.at))
      problems.push(`${above.name} held, a higher rung`);
  const lost = stages.findIndex((stage) => stage.name === decision.from);
  const shown = shownRule(stood, enters);
  const expected = lost > place ? [...leavesOf(stages[lost] as Stage), ...shown.leaves] : shown.leaves;
  if (lost > place) problems.push(...fallProblems(world, stages[lost] as Stage, decision));
  else if (evidence.rule !== shown.rule) problems.push(`rule ${evidence.rule} did not decide, ${shown.rule} did`);
  return [...problems, ...conditionsProblems(world, evidence.conditions, expected, evidence.at)];
}

/** What was lost must not hold. Where a settling corrects the stage, the rung may never have been held; then keep says nothing. */
function fallProblems(world: World, lost: Stage, decision: Reverifiable): string[] {
  const { evidence } = decision;
  const problems: string[] = [];
  const rule = `${lost.name}.${lost.keep ? 'keep' : 'enter'}`;
  if (evidence.rule !== rule) problems.push(`rule ${evidence.rule} was not the one lost, ${rule} was`);
  const kept = lost.keep !== undefined && joiningOf(decision) === undefined && naiveRule(world, lost.keep, evidence.at);
  if (kept || lost.enter === undefined || naiveRule(world, lost.enter, evidence.at))
    problems.push(`${lost.name} still held`);
  return problems;
}

interface NaiveLeaf {
  path: string;
  condition: Condition;
  anyOne?: boolean;
}

function shownRule(stage: Stage, enters: boolean): { rule: string; leaves: NaiveLeaf[] } {
  const part = enters || stage.keep === undefined ? 'enter' : 'keep';
  if (stage.enter === undefined) return { rule: `${stage.name}.enter`, leaves: [anyTouchpoint(stage)] };
  const rule = part === 'enter' ? stage.enter : (stage.keep as Rule);
  return { rule: `${stage.name}.${part}`, leaves: walk(rule, `${stage.name}.${part}`) };
}

function leavesOf(stage: Stage): NaiveLeaf[] {
  if (stage.enter === undefined) return [anyTouchpoint(stage)];
  return [...walk(stage.enter, `${stage.name}.enter`), ...(stage.keep ? walk(stage.keep, `${stage.name}.keep`) : [])];
}

function anyTouchpoint(stage: Stage): NaiveLeaf {
  return {
    path: `${stage.name}.enter`,
    condition: { measure: 'count', of: {}, compare: { atLeast: 1 } },
    anyOne: true,
  };
}

function walk(rule: Rule, path: string): NaiveLeaf[] {
  if ('measure' in rule) return [{ path, condition: rule }];
  if ('not' in rule) return walk(rule.not, `${path}.not`);
  const [name, rules] = 'all' in rule ? ['all', rule.all] : ['any', rule.any];
  return rules.flatMap((one, i) => walk(one, `${path}.${name}.${i}`));
}

function conditionsProblems(world: World, found: ConditionEvidence[], expected: NaiveLeaf[], at: number): string[] {
  if (found.map((one) => one.path).join(' ') !== expected.map((one) => one.path).join(' '))
    return [
      `its evidence names ${found.map((one) => one.path).join(', ')}; the rule has ${expected.map((one) => one.path).join(', ')}`,
    ];
  return expected.flatMap((leaf, i) => {
    const shown = found[i] as ConditionEvidence;
    const naive = naiveCondition(world, leaf.condition, at);
    // A rung without a rule stands on any touchpoint, and names one of them.
    const [one] = shown.touchpoints;
    if (leaf.anyOne && one)
      naive.standsOn = naive.standsOn.filter(({ touchpointId }) => touchpointId === one.touchpointId);
    const problems = conditionProblems(shown, naive, leaf.condition);
    return problems.map((problem) => `condition ${leaf.path}: ${problem}`);
  });
}

function conditionProblems(shown: ConditionEvidence, naive: NaiveAnswer, condition: Condition): string[] {
  const problems: string[] = [];
  const text = canonicalCondition(condition);
  if (shown.condition !== text) problems.push(`it reads "${shown.condition}", the definition says "${text}"`);
  if (shown.holds !== naive.holds) problems.push(`it says ${shown.holds}, the touchpoints say ${naive.holds}`);
  if (!sameValue(shown, naive.value)) problems.push(`value ${shown.value}, measured ${naive.value}`);
  const named = shown.touchpoints.map((one) => `${one.touchpointId} ${one.occurredAt}`);
  const newest = naive.standsOn.slice(naive.standsOn.length - named.length);
  if (named.join() !== newest.map((one) => `${one.touchpointId} ${one.occurredAt}`).join() || named.length > 10)
    problems.push(`it names touchpoints ${named.join(', ')} that are not the newest it stands on`);
  if (named.length === 0 && naive.standsOn.length > 0) problems.push('it names no touchpoint');
  return problems;
}

/** Where only as many are kept as the rule needs, the shown value is a lower bound that is enough. */
function sameValue(shown: ConditionEvidence, measured: NaiveAnswer['value']): boolean {
  if (shown.atLeast !== true) return shown.value === measured;
  return typeof shown.value === 'number' && typeof measured === 'number' && shown.value <= measured;
}
