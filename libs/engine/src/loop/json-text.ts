/** Pieces of JSON made by hand: what decisions have in common. */
import type { ConditionEvidence } from '@rapport/journey';

/** Texts remembered in quotes: those of definitions, and engagement limits, which name each customer's own gap. */
const QUOTED_TEXTS_MAX = 4_096;

const quotedTexts = new Map<string, string>();

export function conditionJson(one: ConditionEvidence): string {
  const { value } = one;
  return (
    `{"path":${word(one.path)},"condition":${word(one.condition)},"holds":${one.holds}` +
    `,"value":${valueJson(value)}` +
    `,"touchpoints":${listJson(one.touchpoints, touchpointJson)}` +
    (one.atLeast === undefined ? '}' : `,"atLeast":${one.atLeast}}`)
  );
}

function valueJson(value: ConditionEvidence['value']): string {
  if (typeof value === 'number') return number(value);
  return typeof value === 'string' ? quoted(value) : String(value);
}

function touchpointJson(one: { touchpointId: string; occurredAt: number }): string {
  return `{"touchpointId":${quoted(one.touchpointId)},"occurredAt":${number(one.occurredAt)}}`;
}

export function listJson<T>(items: readonly T[], one: (item: T) => string): string {
  if (items.length === 0) return '[]';
  let text = `[${one(items[0]!)}`;
  for (let i = 1; i < items.length; i++) text += `,${one(items[i]!)}`;
  return `${text}]`;
}

/** As JSON has it: what is not finite is null. */
export function number(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

export function wordOrNull(text: string | null): string {
  return text === null ? 'null' : word(text);
}

/** A text that many decisions share. */
export function word(text: string): string {
  const known = quotedTexts.get(text);
  if (known !== undefined) return known;
  if (quotedTexts.size >= QUOTED_TEXTS_MAX) quotedTexts.clear();
  const made = JSON.stringify(text);
  quotedTexts.set(text, made);
  return made;
}

/** A text that is this decision's own. What needs an escape goes the long way. */
export function quoted(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 34 || code === 92 || code > 0xd7ff) return JSON.stringify(text);
  }
  return `"${text}"`;
}
