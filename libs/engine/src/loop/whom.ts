/** Whom a control event treats, in its fixed order: what the read models show, with what they do not show yet laid over it. */
import { compareId } from './compare-id';
import type { CustomerRecord } from './customer-record';
import type { EngineCore } from './engine-core';
import type { PendingControl } from './partition-state';

/** Above every version: an audience run goes to everybody. */
const EVERY_VERSION = Number.MAX_SAFE_INTEGER;

export interface Whom {
  ids: string[];
  more: boolean;
}

interface Due {
  due: number;
  customerId: string;
}

/** Those with a timer due up to `until`, in the order (due, customerId). */
export function dueCustomers(core: EngineCore, partition: number, until: number, cap: number): Whom {
  const unwritten: Due[] = [];
  for (const { state, customerId } of core.cache.unwrittenOf(partition)) {
    if (state.due !== null && state.due <= until) unwritten.push({ due: state.due, customerId });
  }
  unwritten.sort(compareDue);
  return merge(
    unwritten,
    written(core, core.options.reader.due(partition, until), (entry) => entry.customerId),
    compareDue,
    (entry) => entry.customerId,
    cap,
  );
}

/** Those that a settling, an adoption or an audience run still has to treat, by customerId. */
export function waitingCustomers(core: EngineCore, partition: number, control: PendingControl, cap: number): Whom {
  const unwritten: string[] = [];
  for (const record of core.cache.unwrittenOf(partition)) {
    if (compareId(record.customerId, control.after) > 0 && waits(record, control)) unwritten.push(record.customerId);
  }
  unwritten.sort(compareId);
  const { reader } = core.options;
  const rows =
    control.kind === 'settle'
      ? reader.unsettled(partition, control.after)
      : reader.behind(partition, control.kind === 'adopt' ? control.version : EVERY_VERSION, control.after);
  return merge(
    unwritten,
    written(core, rows, (id) => id),
    compareId,
    (id) => id,
    cap,
  );
}

/** Earliest due moment of a partition; null where no timer runs. */
export function earliestDue(core: EngineCore, partition: number): number | null {
  let earliest: number | null = null;
  for (const { state } of core.cache.unwrittenOf(partition)) {
    if (state.due !== null && (earliest === null || state.due < earliest)) earliest = state.due;
  }
  for (const { due, customerId } of core.options.reader.due(partition, earliest ?? Number.MAX_SAFE_INTEGER)) {
    if (core.cache.isUnwritten(customerId)) continue;
    return earliest === null ? due : Math.min(due, earliest);
  }
  return earliest;
}

function waits(record: CustomerRecord, control: PendingControl): boolean {
  if (control.kind === 'settle') return record.state.unsettled;
  return control.kind === 'audience' || record.state.definitionVersion < control.version;
}

function* written<T>(core: EngineCore, rows: Iterable<T>, idOf: (row: T) => string): Generator<T> {
  for (const row of rows) if (!core.cache.isUnwritten(idOf(row))) yield row;
}

function compareDue(a: Due, b: Due): number {
  return a.due - b.due || compareId(a.customerId, b.customerId);
}

/** The first `cap` of two sorted sequences together, and whether there are more. */
function merge<T>(
  first: T[],
  second: Generator<T>,
  compare: (a: T, b: T) => number,
  idOf: (entry: T) => string,
  cap: number,
): Whom {
  const ids: string[] = [];
  let index = 0;
  let other = second.next();
  while (index < first.length || !other.done) {
    if (ids.length === cap) {
      second.return(undefined);
      return { ids, more: true };
    }
    if (other.done || (index < first.length && compare(first[index]!, other.value) <= 0))
      ids.push(idOf(first[index++]!));
    else {
      ids.push(idOf(other.value));
      other = second.next();
    }
  }
  return { ids, more: false };
}
