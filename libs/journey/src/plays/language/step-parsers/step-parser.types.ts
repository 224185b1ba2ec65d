/** How one kind of step is read, written back and told apart: one file for each. */
import type { Members } from '../../../language/definition/fault-list';
import type { Written } from '../../../language/definition/rule-document';
import type { Step } from '../../play';
import type { PlaysReading } from '../play-reading';
import type { Schema } from '../schema-words';

export interface StepReading extends PlaysReading {
  /** A list inside a branch or a split. `prefix`: path of the arm, with the dot behind it; empty lists are good here. */
  inner(value: unknown, pointer: string, prefix: string, depth: number): Step[];
}

export interface StepToRead {
  /** The key that names the step. */
  head: string;
  members: Members;
  /** JSON pointer of the step. */
  pointer: string;
  /** `2.0.1` */
  path: string;
  /** Branches and splits around it. */
  depth: number;
}

export interface StepParser<S extends Step> {
  readonly heads: readonly string[];
  /** Keys that may stand beside the head. */
  readonly beside: readonly string[];
  read(step: StepToRead, reading: StepReading): S | undefined;
  write(step: S, inner: (steps: readonly Step[]) => Written[]): Written;
  /** Whether no step behind it is ever reached. */
  endsAlways(step: S, inner: (steps: readonly Step[]) => boolean): boolean;
  /** Its forms in the JSON Schema. */
  readonly schema: readonly Schema[];
}
