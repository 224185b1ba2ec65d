/** JSON of the decisions of plays: keys in a fixed order, absent ones left out, whatever order they were made in. */
import type { ConditionEvidence, EntryTrigger, PlayCause, PlayDecision } from '@rapport/journey';
import { conditionJson, listJson, number, quoted, word, wordOrNull } from './json-text';

type Keys = { readonly [T in PlayDecision['type']]: readonly KeyOf<Extract<PlayDecision, { type: T }>>[] };
type KeyOf<D> = Exclude<keyof D, 'type'>;

const OF_PLAY = ['play', 'enrolment', 'playVersion', 'at'] as const;
const ACT = ['verb', 'what', 'channel'] as const;

/** Appending a key keeps the bytes of decisions without it; anything else is another meaning. */
const KEYS: Keys = {
  PlayEntered: [...OF_PLAY, 'trigger', 'held', 'first', 'goalUntil', 'evidence', 'cause'],
  EntryWithheld: ['play', 'at', 'reason', 'trigger', 'cause'],
  PlayStepped: [...OF_PLAY, 'step', 'kind', 'took', 'evidence', 'cause'],
  PlayWaiting: [...OF_PLAY, 'step', 'kind', 'until', 'for', 'cause'],
  ActionRequested: [
    ...([
      ...OF_PLAY,
      'step',
      'round',
      'action',
      ...ACT,
      'purpose',
      'template',
      'team',
      'slaDue',
      'escalateTo',
    ] as const),
    ...(['notBefore', 'sendBefore', 'evidence', 'override', 'cause'] as const),
  ],
  ActionWithheld: [
    ...([...OF_PLAY, 'step', 'action', ...ACT, 'reason', 'until', 'final', 'then', 'winner'] as const),
    ...(['evidence', 'cause'] as const),
  ],
  ActionSettled: [...OF_PLAY, 'step', 'action', 'result', 'sentAt', 'refunded', 'reason', 'cause'],
  ActionInDoubt: [...OF_PLAY, 'step', 'action', 'cause'],
  TaskChanged: [...OF_PLAY, 'action', 'change', 'team', 'assignee', 'claimedUntil', 'outcome', 'cause'],
  PlayConverted: [...OF_PLAY, 'held', 'first', 'touchpointId', 'occurredAt', 'after', 'cause'],
  PlayExited: [...OF_PLAY, 'reason', 'step', 'evidence', 'detail', 'cause'],
  PlayMigrated: [...OF_PLAY, 'fromVersion', 'step', 'cause'],
  CommandRefused: ['commandId', 'command', 'at', 'because', 'detail'],
};

/** Texts of this decision alone; all others are words of the definition or of the language, which come again. */
const OWN: ReadonlySet<string> = new Set([
  ...['action', 'winner', 'took', 'touchpointId', 'commandId', 'detail', 'outcome', 'assignee'],
]);

interface Key {
  name: string;
  /** `"name":` */
  text: string;
  own: boolean;
}

const PREPARED = new Map(Object.entries(KEYS).map(([type, names]) => [type, names.map(prepared)]));

function prepared(name: string): Key {
  return { name, text: `"${name}":`, own: OWN.has(name) };
}

/** The bytes that JSON.stringify makes of its keys in this order; a spec holds it to them. */
export function playDecisionData(decision: PlayDecision): string {
  const given = decision as unknown as { readonly [key: string]: unknown };
  let text = '';
  for (const key of PREPARED.get(decision.type)!) {
    const value = given[key.name];
    if (value !== undefined) text += (text === '' ? '{' : ',') + key.text + valueOf(key, value);
  }
  return `${text}}`;
}

function valueOf({ name, own }: Key, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return own ? quoted(value) : word(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return value === null ? 'null' : partOf(name, value);
  }
}

function partOf(name: string, value: unknown): string {
  if (name === 'cause') return causeJson(value as PlayCause);
  if (name === 'evidence') return listJson(value as ConditionEvidence[], conditionJson);
  return name === 'trigger' ? triggerJson(value as EntryTrigger) : JSON.stringify(value);
}

function causeJson(cause: PlayCause): string {
  switch (cause.kind) {
    case 'touchpoint':
    case 'retry':
      return `{"kind":"${cause.kind}","touchpointId":${quoted(cause.touchpointId)}}`;
    case 'timer':
      return `{"kind":"timer","due":${number(cause.due)}}`;
    case 'command':
    case 'settling':
    case 'definition':
      return JSON.stringify(cause);
  }
}

function triggerJson(trigger: EntryTrigger): string {
  if (trigger.on === 'touchpoint') {
    const { touchpointId, type, occurredAt } = trigger;
    return `{"on":"touchpoint","touchpointId":${quoted(touchpointId)},"type":${word(type)},"occurredAt":${number(occurredAt)}}`;
  }
  if (trigger.on === 'stage' || trigger.on === 'engagement')
    return `{"on":"${trigger.on}","from":${wordOrNull(trigger.from)},"to":${word(trigger.to)}}`;
  return JSON.stringify(trigger);
}
