/** Brings what the engine decides into the log: one append at a time, at exact revisions, as often as it takes. */
import type { AppendRequest, AppendResult } from '@rapport/event-store';
import { untilStored } from '../until-stored';
import type { DecisionLog } from './decision-log';

/** The stream of decisions is not where this engine left it: another one has written. */
export class OtherEngineWrote extends Error {
  constructor(stream: string, actual: number) {
    super(`${stream} is at revision ${actual}, not where this engine left it: another engine writes this partition`);
  }
}

export class DecisionSender {
  /** Settles when the append under way is through; null = everything decided is on disk. */
  busy: Promise<void> | null = null;
  private failed = false;

  constructor(
    private readonly decisions: DecisionLog,
    private readonly append: (requests: AppendRequest[]) => Promise<AppendResult[]>,
    /** Called after each append; with the reason where another engine writes this partition or an event can never be stored. */
    private readonly done: (failure: Error | null) => void,
  ) {}

  /** Sends what waits, and what gathers meanwhile. */
  send(): void {
    if (this.busy || this.failed) return;
    const taken = this.decisions.take();
    if (!taken) return;
    this.busy = untilStored(this.append, taken.requests, moved)
      .then((results) => {
        taken.settle(results);
        return null;
      })
      .catch((error: unknown) => {
        this.failed = true;
        return error instanceof Error ? error : new Error(String(error));
      })
      .then((failure) => {
        this.busy = null;
        this.send();
        this.done(failure);
      });
  }
}

function moved(request: AppendRequest, actual: number): Error {
  return new OtherEngineWrote(request.stream, actual);
}
