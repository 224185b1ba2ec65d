/** Lists of enrolments and actions (tasks are actions with a team), and one action with its attempts. */
import type { StoredEvent } from '@rapport/event-store';
import { type Decision, playSentence, type PlayDecision } from '@rapport/journey';
import type { ActionRow, EnrolmentRow } from '@rapport/read-models';
import { readDecision } from '../loop/read-decision';
import type { ActionsParams, PlayQuery } from '../plays.types';
import type { QueryAnswer } from '../rapport.types';
import { conditionItem } from './change-bodies';
import { decodeCursor, encodeCursor } from './cursor';
import { type Asked, eventsAt, found, iso, isoOrNull, notFound, pageSize, textOfBytes } from './sources';

type EnrolmentsParams = Extract<PlayQuery, { name: 'enrolments' }>['params'];

export function enrolments(asked: Asked, params: EnrolmentsParams): QueryAnswer {
  const { limit, cursor, ...question } = params;
  const { customerId, play, phase } = question;
  const customer = customerId === undefined ? undefined : asked.models.customer(customerId);
  if (customer === null) return notFound(asked);
  const after = decodeCursor(question, cursor, isPosition) ?? 0;
  const size = pageSize(limit);
  const rows = asked.models.plays.enrolments({ no: customer?.no, play, phase }, after, size + 1);
  return page(asked, question, rows, size, enrolmentItem);
}

export function actions(asked: Asked, params: ActionsParams): QueryAnswer {
  const { limit, cursor, ...question } = params;
  const { state, channel, play, customerId, team, assignee } = question;
  const customer = customerId === undefined ? undefined : asked.models.customer(customerId);
  if (customer === null) return notFound(asked);
  const after = decodeCursor(question, cursor, isPosition) ?? 0;
  const size = pageSize(limit);
  const filter = { states: state, channels: channel, plays: play, no: customer?.no, team, assignee };
  return page(asked, question, asked.models.plays.actions(filter, after, size + 1), size, actionItem);
}

/** What was asked for, why it was allowed, and every attempt. The message itself is not in it: it is personal. */
export function action(asked: Asked, params: { action: string }): QueryAnswer {
  const row = asked.models.plays.action(params.action);
  if (!row) return notFound(asked);
  const [event] = eventsAt(asked, [row.position]);
  const decision = readDecision(event!.type, textOfBytes(event!.data));
  if (!isPlayDecision(decision) || decision.type !== 'ActionRequested')
    throw new Error(`position ${row.position} holds no request of ${row.action}: rebuild the read models`);
  const { round, template, escalateTo, playVersion, evidence, override, cause } = decision;
  return found(asked, {
    ...actionItem(row),
    ...{ round, template, escalateTo, playVersion, override },
    cause: cause.kind === 'timer' ? { ...cause, due: iso(cause.due) } : cause,
    evidence: evidence.map(conditionItem),
    sentence: playSentence(decision),
    events: eventsAt(asked, row.events).map(attemptItem),
  });
}

/** Moments of the events of attempts; everything else is shown as it is. */
const ATTEMPT_MOMENTS: readonly string[] = ['at', 'nextAt'];

function attemptItem({ type, recordedAt, position, data }: StoredEvent): object {
  const members = Object.entries(JSON.parse(textOfBytes(data)) as object).map(([name, value]: [string, unknown]) =>
    ATTEMPT_MOMENTS.includes(name) && typeof value === 'number' ? [name, iso(value)] : [name, value],
  );
  return { type, position, recordedAt: iso(recordedAt), ...(Object.fromEntries(members) as object) };
}

export function isPlayDecision(decision: Decision): decision is PlayDecision {
  return !['StageChanged', 'EngagementChanged', 'HistoryRestated', 'InputParked'].includes(decision.type);
}

function page<Row extends { position: number }>(
  asked: Asked,
  question: object,
  rows: readonly Row[],
  size: number,
  item: (row: Row) => object,
): QueryAnswer {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return found(asked, {
    items: shown.map(item),
    ...(rows.length > size && last && { nextCursor: encodeCursor(question, last.position) }),
  });
}

function isPosition(key: unknown): key is number {
  return Number.isSafeInteger(key);
}

function enrolmentItem(row: EnrolmentRow): object {
  const { customerId, play, enrolment, playVersion, held, first, phase, step, withheld, exitReason, position } = row;
  return {
    ...{ customerId, play, enrolment, playVersion, held, first, phase, step, withheld },
    enteredAt: iso(row.enteredAt),
    until: isoOrNull(row.until),
    goalUntil: isoOrNull(row.goalUntil),
    convertedAt: isoOrNull(row.convertedAt),
    exitedAt: isoOrNull(row.exitedAt),
    ...{ exitReason, position },
  };
}

function actionItem(row: ActionRow): object {
  const { action: id, customerId, play, enrolment, step, verb, what, channel, purpose, state, reason, position } = row;
  const { attempts, lastResult, team, assignee, escalated } = row;
  return {
    ...{ action: id, customerId, play, enrolment, step, verb, what, channel, purpose, state, reason },
    requestedAt: iso(row.requestedAt),
    notBefore: iso(row.notBefore),
    sendBefore: iso(row.sendBefore),
    settledAt: isoOrNull(row.settledAt),
    ...{ attempts, lastResult, nextAttemptAt: isoOrNull(row.nextAttemptAt) },
    ...(team !== '' && {
      task: {
        ...{ team, assignee: assignee === '' ? null : assignee, escalated },
        claimedUntil: isoOrNull(row.claimedUntil),
        slaDue: isoOrNull(row.slaDue),
      },
    }),
    position,
  };
}
