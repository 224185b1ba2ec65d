/** The queries of plays. */
import type { Document, Filter } from 'mongodb';
import { PlayTally } from '../play-folds';
import type { ActionFilter, ActionRow, EnrolmentFilter, EnrolmentRow, PlayCounterRow, WithheldRow } from '../play-rows';
import { type ActionDoc, compareNames, type EnrolmentDoc } from './documents';
import type { Models } from './models';
import { toAction, toEnrolment } from './play-rows-read';
import type { PointReads } from './point-reads';
import type { Reading } from './reading';

export class PlayAnswers {
  constructor(
    private readonly models: Models,
    private readonly reading: Reading,
    private readonly points: PointReads,
  ) {}

  async enrolments({ no, play, phase }: EnrolmentFilter, after: number, limit: number): Promise<EnrolmentRow[]> {
    const match = { position: { $gt: after }, ...given({ no, play, phase }) };
    const found = await this.models.enrolments
      .find(match as Filter<EnrolmentDoc>, this.reading.options)
      .sort({ position: 1 })
      .limit(limit)
      .toArray();
    return found.map(toEnrolment);
  }

  async actions(filter: ActionFilter, after: number, limit: number): Promise<ActionRow[]> {
    const { states, channels, plays, no, team, assignee } = filter;
    const lists = { state: anyOf(states), channel: anyOf(channels), play: anyOf(plays) };
    const match = { position: { $gt: after }, ...given({ ...lists, no, team, assignee }) };
    const found = await this.models.actions
      .find(match as Filter<ActionDoc>, this.reading.options)
      .sort({ position: 1 })
      .limit(limit)
      .toArray();
    return found.map(toAction);
  }

  async action(action: string): Promise<ActionRow | null> {
    const doc = await this.models.actions.findOne({ _id: action }, this.reading.options);
    return doc ? toAction(doc) : null;
  }

  async withheld(no: number): Promise<WithheldRow[]> {
    const found = await this.models.withheld.find({ no }, this.reading.options).sort({ no: 1, play: 1 }).toArray();
    return found.map(({ play, position }) => ({ play, position }));
  }

  /** Sums of all partitions. */
  async counters(): Promise<PlayCounterRow[]> {
    const sums = new PlayTally();
    for (const { plays } of await this.points.progress())
      for (const { play, held, what, count } of plays) sums.add(play, held, what, count);
    const held = (row: PlayCounterRow): number => Number(row.held);
    return sums
      .rows()
      .sort((a, b) => compareNames(a.play, b.play) || held(a) - held(b) || compareNames(a.what, b.what));
  }
}

function anyOf(wanted: string[] | undefined): Document | undefined {
  return wanted === undefined || wanted.length === 0 ? undefined : { $in: wanted };
}

function given(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
