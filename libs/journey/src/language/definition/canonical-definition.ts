/**
 * A definition written back as a document, defaults filled in, keys in a fixed order: JSON that parses to the same
 * definition. Two documents say the same if and only if these texts are equal; comments and descriptions do not count.
 */
import type { Comparison, Condition, Definition, EngagementStep, Rule, Selector, Stage } from '../../definition';
import type { JsonValue } from '../../touchpoint';
import { formatDuration } from '../duration';
import { canonicalJson } from '../touchpoint/touchpoint-content';
import { ANY } from './selector-parser';

type Written = { [name: string]: JsonValue };

export function canonicalDefinition(definition: Definition): string {
  const { name, timeZone, stages, engagement } = definition;
  const { gaps, gapsAtLeast, cooling, atRisk, lapsed } = engagement;
  return canonicalJson({
    name,
    timeZone,
    stages: stages.map(stageDocument),
    engagement: { gaps, gapsAtLeast, cooling: step(cooling), atRisk: step(atRisk), lapsed: step(lapsed) },
  });
}

function stageDocument(stage: Stage): Written {
  const written: Written = { name: stage.name };
  if (stage.enter) written['enter'] = ruleDocument(stage.enter);
  if (stage.keep) written['keep'] = ruleDocument(stage.keep);
  return written;
}

function step({ factor, floor, fixed }: EngagementStep): Written {
  return { factor, floor: formatDuration(floor), fixed: formatDuration(fixed) };
}

/** A rule in the document's own language. */
export function ruleDocument(rule: Rule): Written {
  if ('measure' in rule) return conditionDocument(rule);
  if ('not' in rule) return { not: ruleDocument(rule.not) };
  return 'all' in rule ? { all: rule.all.map(ruleDocument) } : { any: rule.any.map(ruleDocument) };
}

function conditionDocument(condition: Condition): Written {
  switch (condition.measure) {
    case 'count':
    case 'distinctDays':
      return {
        [condition.measure]: selectorDocument(condition.of),
        ...condition.compare,
        ...windowOf(condition.within),
      };
    case 'sum': {
      const { of, property, compare, within } = condition;
      return { sum: selectorDocument(of), property, ...compare, ...windowOf(within) };
    }
    case 'since':
    case 'tenure':
      return { [condition.measure]: selectorDocument(condition.of), ...spans(condition.compare) };
    case 'last':
      return { last: selectorDocument(condition.of), property: condition.property, ...condition.test };
    case 'share': {
      const share = { of: selectorDocument(condition.of), among: selectorDocument(condition.among) };
      return { share, ...condition.compare, ...windowOf(condition.within) };
    }
    case 'engagement':
      return { engagement: [...condition.oneOf] };
  }
}

function selectorDocument(selector: Selector): JsonValue {
  const { meaning, type, where, channel, direction, source } = selector;
  if (!where && !channel && !direction && !source) return type ?? meaning ?? ANY;
  const written: Written = {};
  if (meaning !== undefined) written['meaning'] = meaning;
  if (type !== undefined) written['type'] = type;
  if (where) written['where'] = Object.fromEntries(Object.entries(where).map(([name, test]) => [name, { ...test }]));
  if (channel) written['channel'] = channel;
  if (direction) written['direction'] = direction;
  if (source) written['source'] = source;
  return written;
}

function spans(compare: Comparison): Written {
  return Object.fromEntries(Object.entries(compare).map(([name, ms]: [string, number]) => [name, formatDuration(ms)]));
}

function windowOf(within: number | undefined): Written {
  return within === undefined ? {} : { within: formatDuration(within) };
}
