/**
 * From decisions to rows: which changes are in force once a decision has its place in the log. A settled chain supersedes an
 * earlier one as a whole, when its last part is there; the first live change of an axis is then seen in its light.
 */
import type { Decision, HistoryRestated, InputParked } from '@rapport/journey';
import type { Axis, ChangeOp, ChangeRow, ParkedOp, PlayFlush } from '@rapport/read-models';
import type { CustomerRecord } from './customer-record';
import { PlaysInForce } from './plays-in-force';

export interface Placed {
  position: number;
  recordedAt: number;
}

/** What a flush writes of decisions. */
export interface Gathered {
  changes: ChangeOp[];
  parked: ParkedOp[];
  /** Undefined = nothing was decided about plays. */
  plays: PlayFlush | undefined;
}

const AXES: readonly Axis[] = ['stage', 'engagement'];

export class ChangesInForce {
  readonly plays = new PlaysInForce();
  private changes: ChangeOp[] = [];
  private parked: ParkedOp[] = [];
  /** Rows of chains whose last part has not come yet, by customer. */
  private readonly unfinished = new Map<number, ChangeRow[]>();

  /** Hands out what has gathered since the last call. */
  take(): Gathered {
    const taken = { changes: this.changes, parked: this.parked, plays: this.plays.take() };
    this.changes = [];
    this.parked = [];
    return taken;
  }

  place(record: CustomerRecord, decision: Exclude<Decision, InputParked>, placed: Placed): void {
    if (decision.type === 'HistoryRestated') {
      this.placeChain(record, decision, placed);
      return;
    }
    if (decision.type !== 'StageChanged' && decision.type !== 'EngagementChanged') {
      this.plays.place(record, decision, placed.position);
      return;
    }
    const axis: Axis = decision.type === 'StageChanged' ? 'stage' : 'engagement';
    const row: ChangeRow = {
      position: placed.position,
      part: 0,
      no: record.no,
      customerId: record.customerId,
      axis,
      from: decision.from,
      to: decision.to,
      at: decision.at,
      recordedAt: placed.recordedAt,
      definitionVersion: decision.definitionVersion,
      history: decision.history,
      chain: decision.joining === 'wentLive',
    };
    if (!decision.history && record.firstLive[axis] === 0) record.firstLive[axis] = placed.position;
    this.changes.push({ op: 'add', row });
  }

  park(record: CustomerRecord, decision: InputParked, inputPosition: number): void {
    this.parked.push({
      op: 'add',
      row: {
        position: inputPosition,
        no: record.no,
        customerId: record.customerId,
        touchpointId: decision.touchpointId,
        reason: decision.reason,
        detail: decision.detail,
        parkedAt: decision.at,
      },
    });
  }

  unpark(inputPosition: number): void {
    this.parked.push({ op: 'remove', position: inputPosition });
  }

  private placeChain(record: CustomerRecord, chain: HistoryRestated, placed: Placed): void {
    const rows = this.unfinished.get(record.no) ?? [];
    chain.changes.forEach((change, part) => {
      rows.push({
        position: placed.position,
        part,
        no: record.no,
        customerId: record.customerId,
        axis: change.axis,
        from: change.from,
        to: change.to,
        at: change.at,
        recordedAt: placed.recordedAt,
        definitionVersion: change.definitionVersion,
        history: true,
        chain: true,
      });
    });
    if (chain.part < chain.parts - 1) {
      this.unfinished.set(record.no, rows);
      return;
    }
    this.unfinished.delete(record.no);
    this.changes.push({ op: 'dropChain', no: record.no });
    for (const row of rows) this.changes.push({ op: 'add', row });
    for (const axis of AXES) this.amendFirstLive(record, axis, rows);
  }

  /** A first entry from none becomes a change from the chain's end, or nothing where both are the same. */
  private amendFirstLive(record: CustomerRecord, axis: Axis, rows: ChangeRow[]): void {
    const first = record.state.firstLive[axis];
    const position = record.firstLive[axis];
    if (!first || position === 0 || first.from !== null) return;
    const end = rows.filter((row) => row.axis === axis).at(-1)?.to ?? null;
    this.changes.push({ op: 'amend', no: record.no, axis, position, from: end, hidden: end === first.to });
  }
}
