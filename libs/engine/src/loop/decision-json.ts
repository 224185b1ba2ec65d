/**
 * Decisions as JSON texts, keys in a fixed order. Written by hand: the words of a definition come again in every decision and are
 * quoted once, which halves what JSON.stringify costs. A spec holds both to the same bytes.
 */
import type { Cause, ConditionEvidence, Decision, Evidence } from '@rapport/journey';
import { chainData } from './chain-data';
import { playDecisionData } from './play-decision-data';

/** Texts remembered in quotes: those of definitions, and engagement limits, which name each customer's own gap. */
const QUOTED_TEXTS_MAX = 4_096;

const quotedTexts = new Map<string, string>();

/** JSON of a decision without its type. `readDecision` makes the decision of it again. */
export function decisionJson(decision: Decision): string {
  switch (decision.type) {
    case 'StageChanged':
    case 'EngagementChanged':
      return (
        `{"from":${wordOrNull(decision.from)},"to":${word(decision.to)},"at":${number(decision.at)}` +
        `,"definitionVersion":${number(decision.definitionVersion)},"evidence":${evidenceJson(decision.evidence)}` +
        `,"cause":${causeJson(decision.cause)},"history":${decision.history}` +
        (decision.joining === undefined ? '}' : `,"joining":${word(decision.joining)}}`)
      );
    case 'HistoryRestated':
      return chainData(decision);
    case 'InputParked': {
      const { touchpointId, at, reason, detail } = decision;
      return JSON.stringify({ touchpointId, at, reason, detail });
    }
    default:
      return playDecisionData(decision);
  }
}

function evidenceJson({ definition, definitionVersion, rule, at, conditions }: Evidence): string {
  return (
    `{"definition":${word(definition)},"definitionVersion":${number(definitionVersion)},"rule":${word(rule)}` +
    `,"at":${number(at)},"conditions":${listJson(conditions, conditionJson)}}`
  );
}

function conditionJson(one: ConditionEvidence): string {
  const { value } = one;
  return (
    `{"path":${word(one.path)},"condition":${word(one.condition)},"holds":${one.holds}` +
    `,"value":${typeof value === 'number' ? number(value) : JSON.stringify(value)}` +
    `,"touchpoints":${listJson(one.touchpoints, touchpointJson)}` +
    (one.atLeast === undefined ? '}' : `,"atLeast":${one.atLeast}}`)
  );
}

function touchpointJson(one: { touchpointId: string; occurredAt: number }): string {
  return `{"touchpointId":${quoted(one.touchpointId)},"occurredAt":${number(one.occurredAt)}}`;
}

function causeJson(cause: Cause): string {
  switch (cause.kind) {
    case 'touchpoint':
    case 'retry':
      return `{"kind":"${cause.kind}","touchpointId":${quoted(cause.touchpointId)}}`;
    case 'timer':
      return `{"kind":"timer","due":${number(cause.due)}}`;
    case 'definition':
      return `{"kind":"definition","version":${number(cause.version)}}`;
    case 'settling':
      return '{"kind":"settling"}';
  }
}

function listJson<T>(items: readonly T[], one: (item: T) => string): string {
  if (items.length === 0) return '[]';
  let text = `[${one(items[0]!)}`;
  for (let i = 1; i < items.length; i++) text += `,${one(items[i]!)}`;
  return `${text}]`;
}

/** As JSON has it: what is not finite is null. */
function number(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

function wordOrNull(text: string | null): string {
  return text === null ? 'null' : word(text);
}

/** A text that many decisions share. */
function word(text: string): string {
  const known = quotedTexts.get(text);
  if (known !== undefined) return known;
  if (quotedTexts.size >= QUOTED_TEXTS_MAX) quotedTexts.clear();
  const made = JSON.stringify(text);
  quotedTexts.set(text, made);
  return made;
}

/** A text that is this decision's own. What needs an escape goes the long way. */
function quoted(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 34 || code === 92 || code > 0xd7ff) return JSON.stringify(text);
  }
  return `"${text}"`;
}
