/** A decision as people and programs see it: what the log holds, moments as texts, with the sentence that says it. */
import type { StoredEvent } from '@rapport/event-store';
import { changeSentence, type Decision, playSentence } from '@rapport/journey';
import { readDecision } from '../loop/read-decision';
import { iso, textOfBytes } from './sources';

/** The compiler names the missing one. */
const EVERY: Readonly<Record<Decision['type'], true>> = {
  StageChanged: true,
  EngagementChanged: true,
  HistoryRestated: true,
  InputParked: true,
  PlayEntered: true,
  EntryWithheld: true,
  PlayStepped: true,
  PlayWaiting: true,
  ActionRequested: true,
  ActionWithheld: true,
  ActionSettled: true,
  ActionInDoubt: true,
  TaskChanged: true,
  PlayConverted: true,
  PlayExited: true,
  PlayMigrated: true,
  CommandRefused: true,
};
export const DECISION_TYPES = Object.keys(EVERY) as Decision['type'][];
/** About the past, and long: told only to those who ask for it. */
export const CHAIN_TYPE = 'HistoryRestated' satisfies Decision['type'];

const MOMENTS: ReadonlySet<string> = new Set([
  ...['at', 'until', 'goalUntil', 'notBefore', 'sendBefore', 'slaDue', 'sentAt', 'claimedUntil'],
  ...['occurredAt', 'date', 'due', 'wentLiveAt', 'run'],
]);
/** What a Date can hold. */
const MOMENT_MS_MAX = 8.64e15;

/** `id`, `type`, `position`, `customerId`, `recordedAt`, `sentence`, and the members of the type. */
export function decisionItem(event: StoredEvent): object {
  const decision = readDecision(event.type, textOfBytes(event.data));
  const { type, ...members } = withMoments(decision) as { type: string };
  const { position, recordedAt, subject = '' } = event;
  return {
    ...{ id: String(position), type, position, customerId: subject, recordedAt: iso(recordedAt) },
    ...members,
    sentence: decisionSentence(decision),
  };
}

/** The same, with its moments as ISO 8601 in UTC. */
export function withMoments(decision: Decision): object {
  return JSON.parse(JSON.stringify(decision), (key, value: unknown) => {
    const isMoment = MOMENTS.has(key) && typeof value === 'number' && Math.abs(value) <= MOMENT_MS_MAX;
    return isMoment ? iso(value) : value;
  }) as object;
}

function decisionSentence(decision: Decision): string {
  switch (decision.type) {
    case 'StageChanged':
    case 'EngagementChanged': {
      const { from, to, at, definitionVersion, evidence } = decision;
      const axis = decision.type === 'StageChanged' ? 'stage' : 'engagement';
      return changeSentence({ axis, from, to, at, definitionVersion, evidence });
    }
    case 'HistoryRestated':
      return `History was settled: ${decision.changes.length} changes (part ${decision.part} of ${decision.parts})`;
    case 'InputParked':
      return `${decision.touchpointId} was parked: ${decision.detail}`;
    default:
      return playSentence(decision);
  }
}
