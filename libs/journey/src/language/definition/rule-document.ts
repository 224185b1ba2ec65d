/** Rules and selectors written back in the document's own language, keys as the parser reads them. */
import type { Comparison, Condition, Selector } from '../../definition';
import type { PlayCondition, PlayRule } from '../../plays/play';
import type { JsonValue } from '../../touchpoint';
import { formatDuration } from '../duration';
import { ANY } from './selector-parser';

export type Written = { [name: string]: JsonValue };

/** A rule in the document's own language. */
export function ruleDocument(rule: PlayRule): Written {
  if ('measure' in rule) return conditionDocument(rule);
  if ('fact' in rule) return playConditionDocument(rule);
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

/** The short form where it says all. */
export function selectorDocument(selector: Selector): JsonValue {
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

/** What stands in rules of plays alone. */
function playConditionDocument(condition: PlayCondition): Written {
  switch (condition.fact) {
    case 'stage':
      return { stage: [...condition.oneOf] };
    case 'driver':
      return { driver: [...condition.oneOf] };
    case 'kind':
      return { kind: [...condition.oneOf] };
    case 'openComplaint':
      return { openComplaint: condition.is };
    case 'trait':
      return { trait: condition.trait, ...condition.test };
    case 'enrolled':
      return condition.is ? { enrolled: condition.play } : { enrolled: condition.play, is: false };
    case 'owed':
      return condition.is ? { owed: 'thanks' } : { owed: 'thanks', is: false };
    case 'consent':
      return { consent: { purpose: condition.purpose, channel: condition.channel }, is: condition.is };
  }
}

function spans(compare: Comparison): Written {
  return Object.fromEntries(Object.entries(compare).map(([name, ms]: [string, number]) => [name, formatDuration(ms)]));
}

function windowOf(within: number | undefined): Written {
  return within === undefined ? {} : { within: formatDuration(within) };
}
