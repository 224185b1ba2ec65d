/**
 * One line of text for a condition, always the same for the same condition: it stands in the evidence of every decision,
 * so that a reader knows what was asked even when the definition has long changed.
 *
 *     count purchase at least 1
 *     distinctDays purchase at least 3 within 365d
 *     count advocacy [rating at least 4 or missing] at least 1 within 365d
 *     sum "value" of purchase [channel web|app] at least 100 within 30d
 *     since purchase at most 180d
 *     last "score" of survey.answered: at least 9
 *     share complaint among any at most 0.2 within 90d
 *     engagement active|cooling
 */
import type { Comparison, Condition, Selector, ValueTest } from '../definition';
import type { JsonValue } from '../touchpoint';
import { formatDuration } from './duration';

export function canonicalCondition(condition: Condition): string {
  switch (condition.measure) {
    case 'count':
    case 'distinctDays':
      return `${condition.measure} ${selectorText(condition.of)}${numbers(condition.compare)}${window(condition.within)}`;
    case 'sum':
      return `sum ${JSON.stringify(condition.property)} of ${selectorText(condition.of)}${numbers(condition.compare)}${window(condition.within)}`;
    case 'since':
    case 'tenure':
      return `${condition.measure} ${selectorText(condition.of)}${spans(condition.compare)}`;
    case 'last':
      return `last ${JSON.stringify(condition.property)} of ${selectorText(condition.of)}: ${testText(condition.test)}`;
    case 'share':
      return `share ${selectorText(condition.of)} among ${selectorText(condition.among)}${numbers(condition.compare)}${window(condition.within)}`;
    case 'engagement':
      return `engagement ${condition.oneOf.join('|')}`;
  }
}

/** `purchase`, `support.ticket.opened`, `any`, with what narrows it in square brackets. */
export function selectorText(selector: Selector): string {
  const base = [selector.meaning, selector.type].filter((part) => part !== undefined).join('&') || 'any';
  const narrowed: string[] = [];
  if (selector.channel) narrowed.push(`channel ${selector.channel.join('|')}`);
  if (selector.direction) narrowed.push(selector.direction);
  if (selector.source) narrowed.push(`source ${selector.source.map(value).join('|')}`);
  for (const property of Object.keys(selector.where ?? {}).sort()) {
    const test = selector.where?.[property];
    if (test) narrowed.push(`${property} ${testText(test)}`);
  }
  return narrowed.length === 0 ? base : `${base} [${narrowed.join(', ')}]`;
}

/** `at least 4 or missing`, `equals "x"`, `one of 1|2`, `exists`. */
export function testText(test: ValueTest): string {
  const parts: string[] = [];
  if (test.equals !== undefined) parts.push(`equals ${value(test.equals)}`);
  if (test.oneOf !== undefined) parts.push(`one of ${test.oneOf.map(value).join('|')}`);
  if (test.atLeast !== undefined) parts.push(`at least ${test.atLeast}`);
  if (test.atMost !== undefined) parts.push(`at most ${test.atMost}`);
  if (test.exists !== undefined) parts.push(test.exists ? 'exists' : 'is missing');
  const all = parts.join(' and ');
  return test.orMissing ? `${all} or missing` : all;
}

function value(json: JsonValue): string {
  return JSON.stringify(json);
}

function numbers(compare: Comparison): string {
  return bounds(compare, String);
}

function spans(compare: Comparison): string {
  return bounds(compare, formatDuration);
}

function bounds(compare: Comparison, show: (bound: number) => string): string {
  const low = compare.atLeast === undefined ? '' : ` at least ${show(compare.atLeast)}`;
  const high = compare.atMost === undefined ? '' : ` at most ${show(compare.atMost)}`;
  return low + high;
}

function window(within: number | undefined): string {
  return within === undefined ? '' : ` within ${formatDuration(within)}`;
}
