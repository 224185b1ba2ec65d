/** Changes in force, with the evidence that their events hold. */
import {
  type ChainChange,
  changeSentence,
  type ConditionEvidence,
  type Decision,
  type Evidence,
} from '@rapport/journey';
import type { ChangeFilter, ChangeRow } from '@rapport/read-models';
import type { ChangesParams, QueryAnswer } from '../rapport.types';
import { readDecision } from '../loop/read-decision';
import { decodeCursor, encodeCursor, isNumberPair } from './cursor';
import { type Asked, eventsAt, found, iso, pageSize, textOfBytes } from './sources';

/** What the log says of a change. */
export interface ChangeBody {
  /** `position`, or `position-part` inside a settled chain. */
  id: string;
  evidence: Evidence;
}

/** In the order of the rows. An event that several rows stand on is read and parsed once. */
export function changeBodies(asked: Asked, rows: ChangeRow[]): ChangeBody[] {
  const positions = [...new Set(rows.map((row) => row.position))];
  const events = eventsAt(asked, positions);
  const parsed = new Map<number, Decision>();
  positions.forEach((position, i) => {
    const event = events[i]!;
    parsed.set(position, readDecision(event.type, textOfBytes(event.data)));
  });
  return rows.map((row) => {
    const decision = parsed.get(row.position)!;
    if (decision.type === 'StageChanged' || decision.type === 'EngagementChanged')
      return { id: `${row.position}`, evidence: decision.evidence };
    if (decision.type !== 'HistoryRestated')
      throw new Error(`the decision at position ${row.position} is no change: rebuild the read models`);
    const change = decision.changes[row.part];
    if (!change)
      throw new Error(`the settled chain at position ${row.position} has no part ${row.part}: rebuild the read models`);
    return { id: `${row.position}-${row.part}`, evidence: change.evidence };
  });
}

/** From where it starts in force, which a later chain may have changed. */
export function sentenceOf(row: ChangeRow, { evidence }: ChangeBody): string {
  const { axis, from, to, at, definitionVersion } = row;
  const change: ChainChange = { axis, from, to, at, definitionVersion, evidence };
  return changeSentence(change);
}

/** Evidence with its moments as texts. */
export function evidenceItem(evidence: Evidence): object {
  return { ...evidence, at: iso(evidence.at), conditions: evidence.conditions.map(conditionItem) };
}

export function conditionItem(condition: ConditionEvidence): object {
  return {
    ...condition,
    touchpoints: condition.touchpoints.map(({ touchpointId, occurredAt }) => ({
      touchpointId,
      occurredAt: iso(occurredAt),
    })),
  };
}

export function changes(asked: Asked, params: ChangesParams): QueryAnswer {
  const { cursor, limit, ...question } = params;
  const { axis, to, from, customerId, history, atFrom, atUntil } = params;
  const filter: ChangeFilter = { axis, to, from, customerId, history, atFrom, atUntil };
  const key = decodeCursor(question, cursor, isNumberPair);
  const size = pageSize(limit);
  const rows = asked.models.changes(filter, key && { position: key[0], part: key[1] }, size + 1);
  const page = rows.slice(0, size);
  const bodies = changeBodies(asked, page);
  const last = page.at(-1);
  return found(asked, {
    items: page.map((row, i) => changeItem(row, bodies[i]!)),
    ...(rows.length > size && last && { nextCursor: encodeCursor(question, [last.position, last.part]) }),
  });
}

function changeItem(row: ChangeRow, body: ChangeBody): object {
  return {
    id: body.id,
    position: row.position,
    customerId: row.customerId,
    axis: row.axis,
    from: row.from,
    to: row.to,
    at: iso(row.at),
    recordedAt: iso(row.recordedAt),
    definitionVersion: row.definitionVersion,
    evidence: evidenceItem(body.evidence),
    history: row.history,
    sentence: sentenceOf(row, body),
  };
}
