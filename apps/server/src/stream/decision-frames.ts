/** Decisions of plays as frames: what the log holds, moments as texts, with the sentence that says it. */
import { type Decision, type InputParked, type PlayDecision, playSentence } from '@rapport/journey';

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
/** Told only to those who ask for chains. */
const CHAIN_TYPE = 'HistoryRestated' satisfies Decision['type'];

/** Log events that the stream of all decisions reads. */
export function decisionTypes(asked: readonly string[] | undefined, chains: boolean): string[] {
  return (asked ?? DECISION_TYPES).filter((type) => chains || type !== CHAIN_TYPE);
}

/** `ActionInDoubt` is told as `action.in-doubt`. */
export function frameName(type: string): string {
  const [of, ...what] = type.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return `${of}.${what.join('-')}`;
}

const MOMENTS: ReadonlySet<string> = new Set([
  ...['at', 'until', 'goalUntil', 'notBefore', 'sendBefore', 'slaDue', 'sentAt', 'claimedUntil'],
  ...['occurredAt', 'date', 'due'],
]);
/** What a Date can hold. */
const MOMENT_MS_MAX = 8.64e15;

/** The members of the frame's data, behind those that every frame has. */
export function decisionData(decision: PlayDecision | InputParked, text: string): object {
  const members = JSON.parse(text, (key, value: unknown) => {
    const isMoment = MOMENTS.has(key) && typeof value === 'number' && Math.abs(value) <= MOMENT_MS_MAX;
    return isMoment ? new Date(value).toISOString() : value;
  }) as object;
  return { ...members, ...(decision.type === 'InputParked' ? {} : { sentence: playSentence(decision) }) };
}
