/** What one kind of step is: how it steps, and how it explains itself. */
import type { CompiledPlay, CompiledStep } from '../compile/compiled-play';
import type { Step } from '../play';
import type { Enrolment } from '../play-state';
import type { Instant } from '../saga/instant';

export interface StepKind<S extends Step = Step> {
  /** Path of the step that follows at once ('' = the end); null = the enrolment stands here. */
  enter(
    instant: Instant,
    enrolment: Enrolment,
    play: CompiledPlay,
    compiled: CompiledStep & { step: S },
  ): string | null;
  /** For people: what happens here. */
  explain(step: S): string;
}

export type Compiled<S extends Step> = CompiledStep & { step: S };
