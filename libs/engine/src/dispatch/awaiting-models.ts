/**
 * Actions whose message cannot be made yet, since the read models do not show the request. They wait for one look at how far the read
 * models are: under load there are thousands of them, and each on its own would ask for itself, again and again.
 */
import type { OpenAction } from './open-action';

/** How soon it is looked again whether the customer is known as of the request. */
export const BEHIND_MS = 100;

export class AwaitingModels {
  private readonly waiting = new Set<OpenAction>();
  private shown = -1;
  private lookAt = 0;

  constructor(private readonly shownUpTo: () => number) {}

  /** ms since the epoch; Infinity = nothing waits. */
  get nextLook(): number {
    return this.waiting.size === 0 ? Infinity : this.lookAt;
  }

  /** Whether it has to wait; then `look` will hand it out. One whose message is made already never does. */
  mustWait(action: OpenAction, now: number): boolean {
    if (action.rendered || action.position <= this.shown) return false;
    if (this.waiting.size === 0) {
      this.shown = this.shownUpTo();
      if (action.position <= this.shown) return false;
      this.lookAt = now + BEHIND_MS;
    }
    this.waiting.add(action);
    return true;
  }

  /** Those that wait no more, in the order in which they came. */
  look(now: number): OpenAction[] {
    if (this.waiting.size === 0 || now < this.lookAt) return [];
    this.lookAt = now + BEHIND_MS;
    this.shown = this.shownUpTo();
    const ready: OpenAction[] = [];
    for (const action of this.waiting) if (action.position <= this.shown) ready.push(action);
    for (const action of ready) this.waiting.delete(action);
    return ready;
  }
}
