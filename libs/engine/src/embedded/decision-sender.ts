/** Brings what the engine decides into the log: one append at a time, at exact revisions, as often as it takes. */
import type { AppendRequest, AppendResult } from '@rapport/event-store';
import type { DecisionLog } from '../loop/decision-log';

const RETRY_APPEND_MS = 250;

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
    this.busy = this.untilStored(taken.requests)
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

  /** A full disk must not stop the engine for ever: what could not be stored is sent again, at the same revisions. */
  private async untilStored(requests: AppendRequest[]): Promise<AppendResult[]> {
    const results = await this.append(requests);
    for (;;) {
      const again = requests.flatMap((request, i) => {
        const result = results[i]!;
        if (result.ok) return [];
        if (result.reason === 'unavailable') return [{ request, i }];
        throw new Error(
          `${request.stream} is at revision ${result.actual}, not where this engine left it: another engine writes this partition`,
        );
      });
      if (again.length === 0) return results;
      await new Promise((resolve) => setTimeout(resolve, RETRY_APPEND_MS));
      const second = await this.append(again.map((entry) => entry.request));
      again.forEach((entry, k) => (results[entry.i] = second[k]!));
    }
  }
}
