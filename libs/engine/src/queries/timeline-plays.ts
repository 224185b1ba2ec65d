/**
 * What plays did, for the timeline: entries, requests, the last withholding of each play, and how enrolments ended. It is read from
 * the rows; each single step stands in the list of decisions.
 */
import { playSentence, type PlayDecision } from '@rapport/journey';
import type { EnrolmentRow } from '@rapport/read-models';
import { readDecision } from '../loop/read-decision';
import { type Asked, eventsAt, iso, PAGE_ROWS_MAX, textOfBytes } from './sources';
import { isPlayDecision } from './play-lists';

/** Sort keys of the entries of one moment and position; touchpoints and changes have others. */
const ENTERED_PART = -3;
const DECISION_PART = -2;

export interface PlayEntry {
  at: number;
  position: number;
  part: number;
  /** Asked only for what is on the page. */
  item: () => object;
}

export function playEntries(asked: Asked, no: number): PlayEntry[] {
  const { plays } = asked.models;
  const enrolments = everyRow((after) => plays.enrolments({ no }, after, PAGE_ROWS_MAX));
  const actions = everyRow((after) => plays.actions({ no }, after, PAGE_ROWS_MAX));
  const last = lastDecisions(asked, enrolments);
  const requests = actions.map(({ requestedAt, position }) =>
    entry(requestedAt, position, () => requestAt(asked, position)),
  );
  const positions = plays.withheld(no).map(({ position }) => position);
  const withheld = eventsAt(asked, positions).map((event) =>
    decided(event.position, readDecision(event.type, textOfBytes(event.data)) as PlayDecision),
  );
  const byPosition = new Map([...last, ...withheld, ...requests].map((one) => [one.position, one]));
  return [...enrolments.map(entered), ...byPosition.values()];
}

/** The row knows when, and not the place in the log. */
function entered({ play, enrolment, enteredAt, position }: EnrolmentRow): PlayEntry {
  const sentence = enrolment === 1 ? `Entered ${play}` : `Entered ${play} for the ${enrolment}. time`;
  const item = { kind: 'play', type: 'PlayEntered', play, at: iso(enteredAt), sentence };
  return { at: enteredAt, position, part: ENTERED_PART, item: () => item };
}

/** The newest decision about each enrolment, where it is no entry. */
function lastDecisions(asked: Asked, enrolments: readonly EnrolmentRow[]): PlayEntry[] {
  const positions = enrolments.map(({ position }) => position);
  return eventsAt(asked, positions).flatMap((event) => {
    const decision = readDecision(event.type, textOfBytes(event.data));
    return isPlayDecision(decision) && decision.type !== 'PlayEntered' ? [decided(event.position, decision)] : [];
  });
}

function requestAt(asked: Asked, position: number): object {
  const [event] = eventsAt(asked, [position]);
  return itemOf(position, readDecision(event!.type, textOfBytes(event!.data)) as PlayDecision);
}

function decided(position: number, decision: PlayDecision): PlayEntry {
  return entry(decision.at, position, () => itemOf(position, decision));
}

function entry(at: number, position: number, item: () => object): PlayEntry {
  return { at, position, part: DECISION_PART, item };
}

function itemOf(position: number, decision: PlayDecision): object {
  const { type, at } = decision;
  const play = 'play' in decision ? decision.play : '';
  return { kind: 'play', type, play, position, at: iso(at), sentence: playSentence(decision) };
}

function everyRow<Row extends { position: number }>(rowsAfter: (after: number) => Row[]): Row[] {
  const rows: Row[] = [];
  for (let page = rowsAfter(0); ; page = rowsAfter(page.at(-1)!.position)) {
    rows.push(...page);
    if (page.length < PAGE_ROWS_MAX) return rows;
  }
}
