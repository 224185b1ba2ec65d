/**
 * Rules of plays at one moment. Conditions of stages tell when time alone may change them; the others change by inputs or by a
 * timer of the stages, after which every rule that matters is asked again.
 */
import type { ConditionEvidence } from '../../decision';
import type { JsonValue } from '../../touchpoint';
import { hasOpenComplaint } from '../../core/complaints';
import { conditionEvidence } from '../../core/condition-evidence';
import { ruleHolds } from '../../core/evaluate';
import { clock, FLIP, setClock } from '../../core/evaluation-clock';
import type { JourneyState } from '../../core/journey-state';
import { passes } from '../../core/selector';
import { profileKind } from '../../language/profile/profile';
import { consentSaid } from '../guards/profile-facts';
import type { PlayCondition } from '../play';
import type { CustomerFacts } from '../play-core.types';
import { driverOf, isEnrolled, owesThanks, traitOf } from './customer-answers';
import { playLeavesOf, type PlayLeaf, type PlayNode } from './play-node';

/** Leaves in `clock[FLIP]` a moment before which it cannot change by time alone. */
export function playRuleHolds(state: JourneyState, node: PlayNode, facts: CustomerFacts, at: number): boolean {
  setClock(at);
  return holds(state, node, facts);
}

/** What every condition of a rule says, in document order. */
export function playRuleEvidence(
  state: JourneyState,
  node: PlayNode,
  facts: CustomerFacts,
  at: number,
): ConditionEvidence[] {
  return playLeavesOf(node).map((leaf) => {
    if (leaf.kind === 'measure') return conditionEvidence(state, leaf.leaf, at);
    return factEvidence(state, leaf, facts);
  });
}

function holds(state: JourneyState, node: PlayNode, facts: CustomerFacts): boolean {
  switch (node.kind) {
    case 'measure':
      return ruleHolds(state, node.node);
    case 'fact': {
      const answer = factHolds(state, node.condition, facts);
      clock[FLIP] = Infinity;
      return answer;
    }
    case 'not':
      return !holds(state, node.child, facts);
    case 'all':
      return joined(state, node.children, false, facts);
    case 'any':
      return joined(state, node.children, true, facts);
  }
}

/** As in the core: while one child decides, until the last of those has changed; while none does, until the first changes. */
function joined(state: JourneyState, children: readonly PlayNode[], deciding: boolean, facts: CustomerFacts): boolean {
  let decided = false;
  let lastDecider = -Infinity;
  let firstOther = Infinity;
  for (const child of children) {
    const answer = holds(state, child, facts);
    const flip = clock[FLIP]!;
    if (answer === deciding) {
      decided = true;
      if (flip > lastDecider) lastDecider = flip;
    } else if (flip < firstOther) firstOther = flip;
  }
  clock[FLIP] = decided ? lastDecider : firstOther;
  return decided ? deciding : !deciding;
}

function factHolds(state: JourneyState, condition: PlayCondition, facts: CustomerFacts): boolean {
  switch (condition.fact) {
    case 'stage':
      return condition.oneOf.includes(state.stage ?? '');
    case 'openComplaint':
      return hasOpenComplaint(state) === condition.is;
    case 'driver':
      return condition.oneOf.some((one) => one === driverOf(state.plays));
    case 'kind':
      return condition.oneOf.includes(profileKind(facts.profile()));
    case 'trait': {
      const value = traitOf(state.plays, facts, condition.trait);
      const values: (JsonValue | undefined)[] = Array.isArray(value) && value.length > 0 ? value : [value ?? undefined];
      return values.some((one) => passes(condition.test, one));
    }
    case 'enrolled':
      return isEnrolled(state.plays, condition.play) === condition.is;
    case 'owed':
      return owesThanks(state.plays) === condition.is;
    case 'consent':
      return consentSaid(facts.profile(), condition.purpose, condition.channel) === condition.is;
  }
}

function factEvidence(state: JourneyState, leaf: PlayLeaf, facts: CustomerFacts): ConditionEvidence {
  const { condition, path, text } = leaf;
  const value = factValue(state, condition, facts);
  return { path, condition: text, holds: factHolds(state, condition, facts), value, touchpoints: [] };
}

function factValue(state: JourneyState, condition: PlayCondition, facts: CustomerFacts): string | boolean | null {
  switch (condition.fact) {
    case 'stage':
      return state.stage;
    case 'openComplaint':
      return hasOpenComplaint(state);
    case 'driver':
      return driverOf(state.plays);
    case 'kind':
      return profileKind(facts.profile());
    case 'trait': {
      const value = traitOf(state.plays, facts, condition.trait);
      return Array.isArray(value) ? value.join(', ') : value;
    }
    case 'enrolled':
      return isEnrolled(state.plays, condition.play);
    case 'owed':
      return owesThanks(state.plays);
    case 'consent':
      return consentSaid(facts.profile(), condition.purpose, condition.channel);
  }
}
