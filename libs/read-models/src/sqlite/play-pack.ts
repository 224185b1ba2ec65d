/**
 * Plays of a flush on their way to the thread that writes them. New rows are most of it: they travel as the values of their columns, in
 * order, so that no name of a column is written, read and looked up for each of them.
 */
import type { PlayFlush, PlayOp } from '../play-rows';
import type { SqlValue } from './customer-columns';
import { actionValues, enrolmentValues } from './play-columns';

export interface PackedPlays extends Pick<PlayFlush, 'attempts' | 'counts'> {
  entered: SqlValue[][];
  requested: SqlValue[][];
  /** Each: no, play, position. */
  withheld: SqlValue[][];
  /** What changes rows that are there already, or come with these. */
  changes: PlayChangeOp[];
}

export type PlayChangeOp = Extract<PlayOp, { op: 'enrolment' | 'action' }>;

export function packPlays({ ops, attempts, counts }: PlayFlush): PackedPlays {
  const packed: PackedPlays = { entered: [], requested: [], withheld: [], changes: [], attempts, counts };
  for (const op of ops) {
    switch (op.op) {
      case 'entered':
        packed.entered.push(enrolmentValues(op.row));
        break;
      case 'requested':
        packed.requested.push(actionValues(op.row));
        break;
      case 'withheld':
        packed.withheld.push([op.no, op.play, op.position]);
        break;
      case 'enrolment':
      case 'action':
        packed.changes.push(op);
    }
  }
  return packed;
}
