/**
 * Checks the evidence of one customer's decisions from the raw touchpoints. Shares nothing with the fold but the decoding of events:
 * what counts at each decision is found anew from the log, and `reverify` computes every condition from plain arrays.
 */
import { EventCursor } from '@rapport/event-store';
import {
  type ChainChange,
  type Decision,
  decodeTouchpoint,
  type Definition,
  type EngagementChanged,
  type HistoryRestated,
  PLAY_COMMANDED,
  reverify,
  type StageChanged,
  type TimelineItem,
} from '@rapport/journey';
import { type Control, type PartitionInputs } from '../rebuild/partition-inputs';
import { readCommand } from '../loop/commands';
import { EVENT, type HistorySettled } from '../loop/control-events';
import { readDecision } from '../loop/read-decision';

interface Counted {
  position: number;
  item: TimelineItem;
}

interface Logged {
  type: string;
  position: number;
  causePosition: number;
  data: string;
}

export interface EvidenceSources {
  definition(version: number): Definition;
  /** What a ParkedRetried folds. */
  retried(data: string): { data: string; occurredAt: number; position: number };
}

export class CustomerEvidence {
  decisions = 0;
  private readonly cursor = new EventCursor();
  private readonly controlAt = new Map<string, number>();
  /** Positions of the customer's commands, which settle like live touchpoints. */
  private commanded: number[] = [];
  private readonly settlings: { position: number; customers?: string[] }[] = [];

  constructor(
    private readonly gathered: PartitionInputs,
    private readonly sources: EvidenceSources,
    private readonly problem: (text: string) => void,
  ) {
    for (const control of gathered.controls) this.learn(control);
  }

  check(customer: number, customerId: string): void {
    const logged = this.loggedDecisions(customer);
    const counted = this.countedInputs(customer, logged);
    for (const one of logged) {
      const decision = readDecision(one.type, one.data);
      const problems = this.problemsOf(one, decision, counted, customerId);
      if (problems === null) continue;
      this.decisions++;
      for (const text of problems)
        this.problem(`customer ${customerId}, decision at position ${one.position}: ${text}`);
    }
  }

  /** Null for what is no change: parked inputs, and plays, which have a check of their own. */
  private problemsOf(one: Logged, decision: Decision, counted: Counted[], customerId: string): string[] | null {
    switch (decision.type) {
      case 'HistoryRestated':
        return this.chain(one, decision, counted);
      case 'StageChanged':
      case 'EngagementChanged':
        return this.live(one, decision, counted, customerId);
      default:
        return null;
    }
  }

  private learn(control: Control): void {
    this.controlAt.set(hex(control.id), control.position);
    // An audience run is a live input of everybody: it settles too.
    if (control.type !== EVENT.historySettled && control.type !== EVENT.audienceDue) return;
    const settled = JSON.parse(control.data) as HistorySettled;
    this.settlings.push({ position: settled.continues ?? control.position, customers: settled.customers });
  }

  private live(
    decision: Logged,
    change: StageChanged | EngagementChanged,
    counted: Counted[],
    customerId: string,
  ): string[] {
    if (change.joining === 'wentLive') return [];
    const itself = change.cause.kind === 'touchpoint' || change.cause.kind === 'retry';
    const before = counted.filter(
      (one) => one.position < decision.causePosition || (itself && one.position === decision.causePosition),
    );
    const settledUpTo =
      change.cause.kind === 'definition' ? this.settledBefore(decision.causePosition, counted, customerId) : Infinity;
    const items = before
      .filter((one) => !one.item.touchpoint.history || one.position < settledUpTo)
      .map((one) => one.item);
    return reverify(this.sources.definition(change.definitionVersion), change.definitionVersion, change, items);
  }

  /** Each change of a chain stands on the history dated before it: all of it, or, among equal moments, the part up to its cause. */
  private chain(decision: Logged, { changes, at }: HistoryRestated, counted: Counted[]): string[] {
    const history = counted
      .filter((one) => one.position < decision.causePosition && one.item.touchpoint.history)
      .map((one) => one.item);
    // What is dated after the settling was folded at the settling.
    const momentOf = (item: TimelineItem): number => Math.min(item.touchpoint.occurredAt, at);
    history.sort(
      (a, b) => momentOf(a) - momentOf(b) || (a.touchpoint.touchpointId < b.touchpoint.touchpointId ? -1 : 1),
    );
    return changes.flatMap((change) => this.chainChange(change, history, momentOf));
  }

  private chainChange(
    change: ChainChange,
    history: TimelineItem[],
    momentOf: (item: TimelineItem) => number,
  ): string[] {
    const definition = this.sources.definition(change.definitionVersion);
    const until = history.filter((item) => momentOf(item) <= change.at).length;
    let problems: string[] = [];
    for (let count = until; count >= 0; count--) {
      const found = reverify(definition, change.definitionVersion, change, history.slice(0, count));
      if (found.length === 0) return [];
      if (count === until) problems = found;
      if (count > 0 && momentOf(history[count - 1]!) < change.at) break;
    }
    return problems;
  }

  /** Where the last settling before a position stood: by its own live input, or by a control event. */
  private settledBefore(position: number, counted: Counted[], customerId: string): number {
    let settled = 0;
    for (const one of counted)
      if (one.position < position && !one.item.touchpoint.history) settled = Math.max(settled, one.position);
    for (const command of this.commanded) if (command < position) settled = Math.max(settled, command);
    for (const settling of this.settlings) {
      if (settling.position < position && (settling.customers?.includes(customerId) ?? true))
        settled = Math.max(settled, settling.position);
    }
    return settled;
  }

  /** Inputs that count: the first of each id, without those that were parked. */
  private countedInputs(customer: number, logged: Logged[]): Counted[] {
    const { inputs } = this.gathered;
    const parked = new Set(logged.filter((one) => one.type === 'InputParked').map((one) => one.causePosition));
    const known = new Set<string>();
    const counted: Counted[] = [];
    this.commanded = [];
    for (let i = 0; i < inputs.size(customer); i++) {
      const position = inputs.position(customer, i);
      if (parked.has(position)) continue;
      inputs.seek(this.cursor, customer, i);
      if (this.cursor.type === PLAY_COMMANDED) {
        if (readCommand(this.cursor.data) !== null) this.commanded.push(position);
        continue;
      }
      const retry = this.cursor.type === EVENT.parkedRetried;
      const sent = retry ? this.sources.retried(this.cursor.data) : this.cursor;
      const touchpoint = decodeTouchpoint(sent.data, sent.occurredAt);
      if (known.has(touchpoint.touchpointId)) continue;
      known.add(touchpoint.touchpointId);
      counted.push({ position, item: { touchpoint, at: inputs.stamp(customer, i) } });
    }
    return counted;
  }

  private loggedDecisions(customer: number): Logged[] {
    const { decisions, inputs } = this.gathered;
    const own = new Map<string, number>();
    for (let i = 0; i < inputs.size(customer); i++) {
      inputs.seek(this.cursor, customer, i);
      own.set(hex(this.cursor.id), this.cursor.position);
    }
    const logged: Logged[] = [];
    for (let i = 0; i < decisions.size(customer); i++) {
      decisions.seek(this.cursor, customer, i);
      const cause = this.cursor.causationId ? hex(this.cursor.causationId) : '';
      const causePosition = own.get(cause) ?? this.controlAt.get(cause);
      if (causePosition === undefined)
        this.problem(`decision at position ${this.cursor.position} names a cause that is not in the log`);
      else
        logged.push({ type: this.cursor.type, position: this.cursor.position, causePosition, data: this.cursor.data });
    }
    return logged;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
