/** JSON of the decisions of plays: keys in a fixed order, absent ones left out, whatever order they were made in. */
import type { PlayDecision } from '@rapport/journey';

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

export function playDecisionData(decision: PlayDecision): string {
  const given = decision as unknown as { readonly [key: string]: unknown };
  const ordered: { [key: string]: unknown } = {};
  for (const key of KEYS[decision.type]) ordered[key] = given[key];
  return JSON.stringify(ordered);
}
