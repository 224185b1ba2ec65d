/**
 * Rules that can hold for nobody, whatever happens: `stage: lead` and `stage: loyal` at once, a rule and its opposite. Finds what
 * contradicts itself in words; what only numbers could tell is left to run time.
 */
import type { FaultList } from '../../language/definition/fault-list';
import { ruleDocument } from '../../language/definition/rule-document';
import { canonicalJson } from '../../language/touchpoint/touchpoint-content';
import type { PlayCondition, PlayRule } from '../play';

export function checkCanHold(rule: PlayRule, path: string, meaning: string, faults: FaultList): void {
  if (neverHolds(rule)) faults.add(path, `can never hold: ${meaning}`, 'It contradicts itself: leave one part out');
}

function neverHolds(rule: PlayRule): boolean {
  if ('all' in rule) {
    const parts = flat(rule.all);
    return parts.some(neverHolds) || parts.some((part, i) => parts.slice(i + 1).some((other) => exclude(part, other)));
  }
  if ('any' in rule) return rule.any.every(neverHolds);
  return 'not' in rule && alwaysHolds(rule.not);
}

function alwaysHolds(rule: PlayRule): boolean {
  if ('all' in rule) return rule.all.every(alwaysHolds);
  if ('any' in rule) {
    return rule.any.some(
      (part, i) => alwaysHolds(part) || rule.any.slice(i + 1).some((other) => opposite(part, other)),
    );
  }
  return 'not' in rule && neverHolds(rule.not);
}

function flat(rules: readonly PlayRule[]): PlayRule[] {
  return rules.flatMap((rule) => ('all' in rule ? flat(rule.all) : [rule]));
}

/** Whether both cannot hold at once. */
function exclude(a: PlayRule, b: PlayRule): boolean {
  if (opposite(a, b)) return true;
  if ('fact' in a && 'fact' in b) {
    const ways = wayOf(a);
    const others = wayOf(b);
    return ways !== undefined && others !== undefined && ways.what === others.what && disjoint(ways.of, others.of);
  }
  const twoEngagements = 'measure' in a && 'measure' in b && a.measure === 'engagement' && b.measure === 'engagement';
  return twoEngagements && disjoint(a.oneOf, b.oneOf);
}

/** What a customer has exactly one of at a time, and which of them the condition takes. */
function wayOf(rule: PlayCondition): { what: string; of: readonly string[] } | undefined {
  switch (rule.fact) {
    case 'stage':
    case 'driver':
    case 'kind':
      return { what: rule.fact, of: rule.oneOf };
    case 'openComplaint':
    case 'owed':
      return { what: rule.fact, of: [String(rule.is)] };
    case 'enrolled':
      return { what: `enrolled ${rule.play}`, of: [String(rule.is)] };
    case 'consent':
      return { what: `consent ${rule.purpose} ${rule.channel}`, of: [rule.is] };
    case 'trait':
      return undefined;
  }
}

function disjoint(a: readonly string[], b: readonly string[]): boolean {
  return !a.some((one) => b.includes(one));
}

function opposite(a: PlayRule, b: PlayRule): boolean {
  return negates(a, b) || negates(b, a);
}

function negates(a: PlayRule, b: PlayRule): boolean {
  return 'not' in a && canonicalJson(ruleDocument(a.not)) === canonicalJson(ruleDocument(b));
}
