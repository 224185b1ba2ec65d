/** One play prepared for stepping: its steps by path, each with what follows it, its selectors and its rules. */
import type { FactsLayout } from '../../core/facts-layout';
import type { Play, Step, Template } from '../play';
import { Measure } from '../../core/rule-node';
import { compilePlayRule, type PlayConditionNode, playLeavesOf, type PlayNode } from '../rules/play-node';
import { shapedPlay, shapedStep } from './one-shape';
import { PlaySelector, type TypeMeanings } from './play-selector';

export interface CompiledArm {
  /** Null = else, or an arm of a split. */
  readonly rule: PlayNode | null;
  /** Path of its first step, or of what follows where it has none; '' = the end. */
  readonly first: string;
}

export interface CompiledStep {
  readonly step: Step;
  /** '' = the end. */
  readonly next: string;
  /** Of a waitFor. */
  readonly selector: PlaySelector | null;
  /** Of a branch or split. */
  readonly arms: readonly CompiledArm[];
}

/** One play under one version. Equal plays of several versions are one object, under the lowest of them. */
export interface CompiledPlay {
  readonly play: Play;
  readonly version: number;
  /** Place in the document: order of entries and last word between equals. */
  readonly order: number;
  /** Every step by its path, and the path that follows each ('' = the end). */
  readonly steps: ReadonlyMap<string, CompiledStep>;
  /** Path of the first step; '' = there is none. */
  readonly first: string;
  readonly who: PlayNode | null;
  readonly exit: PlayNode | null;
  /** Whether the exit rule looks at more than stage, engagement and open complaints, so that any instant may change it. */
  readonly exitAsksMore: boolean;
  readonly goal: PlaySelector | null;
  /** Of a touchpoint or date trigger. */
  readonly trigger: PlaySelector | null;
  /** Whether a complaint sets it off: its tasks close by themselves when none is open any more. */
  readonly ofComplaint: boolean;
  /** The play and its templates in one text: equal texts mean equal plays. */
  readonly text: string;
}

export function compilePlay(
  play: Play,
  at: { version: number; order: number; text: string },
  layout: FactsLayout,
  catalogue: TypeMeanings,
): CompiledPlay {
  const steps = new Map<string, CompiledStep>();
  const { trigger } = play;
  const selector = trigger.on === 'touchpoint' || trigger.on === 'date' ? trigger.of : null;
  const exit = play.exit === undefined ? null : compilePlayRule(play.exit, 'exit', layout);
  return {
    play: shapedPlay(play),
    version: at.version,
    order: at.order,
    text: at.text,
    first: flatten(play, play.steps, '', steps, layout, catalogue),
    steps,
    who: play.who === undefined ? null : compilePlayRule(play.who, 'who', layout),
    exit,
    exitAsksMore: exit !== null && !playLeavesOf(exit).every(isOfStanding),
    goal: play.goal === undefined ? null : new PlaySelector(play.goal.of, catalogue),
    trigger: selector === null ? null : new PlaySelector(selector, catalogue),
    ofComplaint: selector !== null && meansComplaint(selector, catalogue),
  };
}

/** Of where somebody stands: moved by an event or timer of the stages, or by a complaint. */
function isOfStanding(node: PlayConditionNode): boolean {
  if (node.kind === 'measure') return node.leaf.measure === Measure.Engagement;
  return node.condition.fact === 'stage' || node.condition.fact === 'openComplaint';
}

function meansComplaint(selector: { meaning?: string; type?: string }, catalogue: TypeMeanings): boolean {
  if (selector.meaning === 'complaint') return true;
  return selector.type !== undefined && catalogue.meanings(selector.type).includes('complaint');
}

/** From the last step back, so that each knows what follows. Returns the path of the first. */
function flatten(
  play: Play,
  list: readonly Step[],
  after: string,
  steps: Map<string, CompiledStep>,
  layout: FactsLayout,
  catalogue: TypeMeanings,
): string {
  let next = after;
  for (let i = list.length - 1; i >= 0; i--) {
    const step = list[i]!;
    const follows = next;
    const arms: CompiledArm[] = [];
    if (step.step === 'branch' || step.step === 'split') {
      step.arms.forEach((arm, place) => {
        const first = flatten(play, arm.then, follows, steps, layout, catalogue);
        const rule = 'if' in arm && arm.if !== undefined ? arm.if : null;
        const path = `steps.${step.path}.${place}.if`;
        arms.push({ first, rule: rule === null ? null : compilePlayRule(rule, path, layout) });
      });
    }
    const selector = step.step === 'waitFor' ? new PlaySelector(step.of, catalogue) : null;
    steps.set(step.path, { step: shapedStep(step), next: follows, selector, arms });
    next = step.path;
  }
  return next;
}

/** Canonical: keys in one order, the templates that its steps name beside it. */
export function playText(play: Play, templates: readonly Template[]): string {
  const names = new Set<string>();
  gatherTemplates(play.steps, names);
  return sortedJson([play, templates.filter((one) => names.has(one.name))]);
}

function gatherTemplates(steps: readonly Step[], names: Set<string>): void {
  for (const step of steps) {
    if (step.step === 'act' && step.template !== undefined) names.add(step.template);
    if (step.step === 'branch' || step.step === 'split') for (const arm of step.arms) gatherTemplates(arm.then, names);
  }
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
