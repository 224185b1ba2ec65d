/** Decisions of the log as frames of an event stream: `id` is the position, `data` one line of JSON. */
import { readDecision } from '@rapport/engine';
import type { StoredEvent } from '@rapport/event-store';
import type {
  ChainChange,
  EngagementChanged,
  Evidence,
  HistoryRestated,
  InputParked,
  PlayDecision,
  StageChanged,
} from '@rapport/journey';
import { decisionData, frameName } from './decision-frames';

export type Axis = 'stage' | 'engagement';
/** What a stream tells: the changes of one axis, or every decision. */
export type Told = Axis | 'decisions';

/** What a subscriber may see of one event. */
export interface Frame {
  text: string;
  customerId: string;
  /** The new stage or engagement; undefined for a restated chain. */
  to: string | undefined;
  /** True for what only those get who asked for chains. */
  chain: boolean;
}

/** Log events that a stream of this axis reads. */
export function typesOf(axis: Axis, chains: boolean): string[] {
  const live = axis === 'stage' ? 'StageChanged' : 'EngagementChanged';
  return chains ? [live, 'HistoryRestated'] : [live];
}

/** Undefined where the event is none that a subscriber of the axis sees. */
export function frameOf(event: StoredEvent, told: Told): Frame | undefined {
  const decision = readDecision(event.type, textOf(event.data));
  switch (decision.type) {
    case 'StageChanged':
    case 'EngagementChanged':
      return changeFrame(event, decision);
    case 'HistoryRestated':
      return chainFrame(event, decision, told);
    default:
      return told === 'decisions' ? decisionFrame(event, decision) : undefined;
  }
}

function changeFrame(event: StoredEvent, change: StageChanged | EngagementChanged): Frame {
  const axis: Axis = change.type === 'StageChanged' ? 'stage' : 'engagement';
  const data = {
    ...identity(event),
    axis,
    from: change.from,
    to: change.to,
    at: iso(change.at),
    recordedAt: iso(event.recordedAt),
    definitionVersion: change.definitionVersion,
    history: change.history,
    joining: change.joining,
    evidence: shownEvidence(change.evidence),
    cause: shownCause(change),
  };
  // A joining change where the customer went live belongs to the chain: it is about the past, and nothing changes now.
  return { ...frame(event, `${axis}.changed`, data), to: change.to, chain: change.joining === 'wentLive' };
}

function decisionFrame(event: StoredEvent, decision: PlayDecision | InputParked): Frame {
  const data = { ...identity(event), recordedAt: iso(event.recordedAt), ...decisionData(decision) };
  return { ...frame(event, frameName(decision.type), data), to: undefined, chain: false };
}

function chainFrame(event: StoredEvent, restated: HistoryRestated, told: Told): Frame {
  const data = {
    ...identity(event),
    at: iso(restated.at),
    recordedAt: iso(event.recordedAt),
    part: restated.part,
    parts: restated.parts,
    wentLiveAt: restated.wentLiveAt === null ? null : iso(restated.wentLiveAt),
    changes: restated.changes.filter((change) => told === 'decisions' || change.axis === told).map(shownChange),
  };
  return { ...frame(event, 'history.restated', data), to: undefined, chain: true };
}

const shownChange = (change: ChainChange): object => ({
  ...change,
  at: iso(change.at),
  evidence: shownEvidence(change.evidence),
});

function shownEvidence(evidence: Evidence): object {
  return {
    ...evidence,
    at: iso(evidence.at),
    conditions: evidence.conditions.map((condition) => ({
      ...condition,
      touchpoints: condition.touchpoints.map(({ touchpointId, occurredAt }) => ({
        touchpointId,
        occurredAt: iso(occurredAt),
      })),
    })),
  };
}

function shownCause({ cause }: StageChanged | EngagementChanged): object {
  return cause.kind === 'timer' ? { ...cause, due: iso(cause.due) } : cause;
}

const identity = (event: StoredEvent): object => ({
  id: String(event.position),
  position: event.position,
  customerId: event.subject ?? '',
});

function frame(event: StoredEvent, name: string, data: object): Pick<Frame, 'text' | 'customerId'> {
  return {
    text: `id: ${event.position}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
    customerId: event.subject ?? '',
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
