/**
 * From decisions of plays to rows. What one flush says of an enrolment or an action is put together here, so that somebody who enters
 * and is written to at once costs one row of each.
 */
import { type Chunk, EventCursor } from '@rapport/event-store';
import type { ActionRequested, ActionWithheld, EntryWithheld, PlayDecision, PlayEntered } from '@rapport/journey';
import {
  type ActionRow,
  type ActionSet,
  countEntered,
  type EnrolmentChange,
  type EnrolmentRow,
  foldEnrolment,
  type PlayFlush,
  type PlayOp,
  PlayTally,
} from '@rapport/read-models';
import { attemptOp } from './attempts';
import type { CustomerRecord } from './customer-record';
import { actionSet, enrolmentChange } from './play-changes';

type EnrolmentOp = Extract<PlayOp, { op: 'entered' | 'enrolment' }>;
type ActionOp = Extract<PlayOp, { op: 'requested' | 'action' }>;
type WithheldOp = Extract<PlayOp, { op: 'withheld' }>;

export class PlaysInForce {
  private readonly enrolments = new Map<string, EnrolmentOp>();
  private readonly actions = new Map<string, ActionOp>();
  private readonly withheld = new Map<string, WithheldOp>();
  private attempts: PlayFlush['attempts'] = [];
  private tally = new PlayTally();

  /** Hands out what has gathered since the last call; undefined = nothing. */
  take(): PlayFlush | undefined {
    const ops: PlayOp[] = [...this.enrolments.values(), ...this.actions.values(), ...this.withheld.values()];
    const { attempts, tally } = this;
    if (ops.length === 0 && attempts.length === 0 && tally.empty) return undefined;
    this.enrolments.clear();
    this.actions.clear();
    this.withheld.clear();
    this.attempts = [];
    this.tally = new PlayTally();
    return { ops, attempts, counts: tally.rows() };
  }

  place(record: CustomerRecord, decision: PlayDecision, position: number): void {
    switch (decision.type) {
      case 'CommandRefused':
        return;
      case 'PlayEntered':
        this.enter(record, decision, position);
        return;
      case 'EntryWithheld':
        this.tally.add(decision.play, false, `withheld:${decision.reason}`, 1);
        this.keepWithheld(record, decision, position);
        return;
      case 'ActionRequested':
        this.actions.set(decision.action, { op: 'requested', row: requestedRow(record, decision, position) });
        break;
      case 'ActionWithheld':
        this.keepWithheld(record, decision, position);
        break;
      case 'ActionSettled':
      case 'ActionInDoubt':
      case 'TaskChanged':
        this.changeAction(decision.action, actionSet(decision));
        break;
      case 'PlayStepped':
      case 'PlayWaiting':
      case 'PlayConverted':
      case 'PlayExited':
      case 'PlayMigrated':
        break;
    }
    this.changeEnrolment(record, decision, enrolmentChange(decision, position));
  }

  /** A chunk of `actions-<pp>`, up to a position. */
  placeAttempts(chunk: Chunk, until = Number.MAX_SAFE_INTEGER): void {
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next() && cursor.position <= until) {
      const attempt = attemptOp(cursor.type, cursor.data, cursor.position);
      if (attempt) this.attempts.push(attempt);
    }
  }

  private enter(record: CustomerRecord, entered: PlayEntered, position: number): void {
    const row = enteredRow(record, entered, position);
    this.enrolments.set(enrolmentKey(record, entered), { op: 'entered', row });
    countEntered(row, this.tally);
  }

  private changeEnrolment(
    record: CustomerRecord,
    of: { play: string; enrolment: number },
    change: EnrolmentChange,
  ): void {
    const key = enrolmentKey(record, of);
    const known = this.enrolments.get(key);
    if (known?.op === 'entered') foldEnrolment(known.row, change, this.tally);
    else if (known) known.changes.push(change);
    else {
      const { play, enrolment } = of;
      this.enrolments.set(key, { op: 'enrolment', no: record.no, play, enrolment, changes: [change] });
    }
  }

  private changeAction(action: string, set: ActionSet): void {
    const known = this.actions.get(action);
    if (known?.op === 'requested') Object.assign(known.row, set);
    else this.actions.set(action, { op: 'action', action, set: { ...known?.set, ...set } });
  }

  private keepWithheld({ no }: CustomerRecord, decision: ActionWithheld | EntryWithheld, position: number): void {
    const { play } = decision;
    this.withheld.set(`${no}|${play}`, { op: 'withheld', no, play, position });
  }
}

function enrolmentKey({ no }: CustomerRecord, { play, enrolment }: { play: string; enrolment: number }): string {
  return `${no}|${enrolment}|${play}`;
}

function enteredRow({ no, customerId }: CustomerRecord, entered: PlayEntered, position: number): EnrolmentRow {
  return {
    no,
    customerId,
    play: entered.play,
    enrolment: entered.enrolment,
    playVersion: entered.playVersion,
    held: entered.held,
    first: entered.first,
    enteredAt: entered.at,
    phase: 'waiting',
    step: '',
    until: null,
    withheld: '',
    goalUntil: entered.goalUntil ?? null,
    convertedAt: null,
    exitedAt: null,
    exitReason: '',
    position,
  };
}

function requestedRow({ no, customerId }: CustomerRecord, requested: ActionRequested, position: number): ActionRow {
  return {
    action: requested.action,
    no,
    customerId,
    play: requested.play,
    enrolment: requested.enrolment,
    step: requested.step,
    verb: requested.verb,
    what: requested.what,
    channel: requested.channel,
    purpose: requested.purpose,
    state: 'requested',
    requestedAt: requested.at,
    notBefore: requested.notBefore,
    sendBefore: requested.sendBefore,
    settledAt: null,
    reason: '',
    attempts: 0,
    lastResult: '',
    nextAttemptAt: null,
    team: requested.team ?? '',
    assignee: '',
    claimedUntil: null,
    slaDue: requested.slaDue ?? null,
    escalated: false,
    position,
    events: [],
  };
}
