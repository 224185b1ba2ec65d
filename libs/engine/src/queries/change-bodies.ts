/** Changes in force, with the evidence that their events hold. */
import {
  type ChainChange,
  changeSentence,
  type EngagementChanged,
  type HistoryRestated,
  type StageChanged,
} from '@rapport/journey';
import type { ChangeFilter, ChangeRow } from '@rapport/read-models';
import type { ChangesParams, QueryAnswer } from '../rapport.types';
import { decodeCursor, encodeCursor, isNumberPair } from './cursor';
import { type Asked, eventsAt, found, iso, pageSize, textOfBytes } from './sources';

type Body = Pick<StageChanged | EngagementChanged, 'to' | 'at' | 'definitionVersion' | 'evidence'>;

export function changeId(row: ChangeRow): string {
  // A joining change stands in the chain's company, but in an event of its own.
  return row.chain && row.part >= 0 ? `${row.position}-${row.part}` : `${row.position}`;
}

/** What the log says of each of these changes. */
export function changeBodies(asked: Asked, rows: ChangeRow[]): Body[] {
  const events = eventsAt(
    asked,
    rows.map((row) => row.position),
  );
  return rows.map((row, i) => {
    const data = JSON.parse(textOfBytes(events[i]!.data)) as object;
    if (events[i]!.type !== 'HistoryRestated') return data as Body;
    return (data as HistoryRestated).changes[row.part]!;
  });
}

export function sentenceOf(row: ChangeRow, body: Body): string {
  return changeSentence({ ...body, axis: row.axis, from: row.from, to: row.to } as ChainChange);
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
    items: page.map((row, i) => ({
      id: changeId(row),
      position: row.position,
      customerId: row.customerId,
      axis: row.axis,
      from: row.from,
      to: row.to,
      at: iso(row.at),
      recordedAt: iso(row.recordedAt),
      definitionVersion: row.definitionVersion,
      evidence: bodies[i]!.evidence,
      history: row.history,
      sentence: sentenceOf(row, bodies[i]!),
    })),
    ...(rows.length > size && last && { nextCursor: encodeCursor(question, [last.position, last.part]) }),
  });
}
