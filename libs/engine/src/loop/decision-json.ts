/**
 * Decisions as JSON texts, keys in a fixed order. Written by hand: the words of a definition come again in every decision and are
 * quoted once, which halves what JSON.stringify costs. A spec holds both to the same bytes.
 */
import type { Cause, Decision, Evidence } from '@rapport/journey';
import { chainData } from './chain-data';
import { conditionJson, listJson, number, quoted, word, wordOrNull } from './json-text';
import { playDecisionData } from './play-decision-data';

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
