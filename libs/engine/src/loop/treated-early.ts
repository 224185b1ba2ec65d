/**
 * Whom an audience run has reached before its cap came to them: by an input of their own. As many as have inputs while the run is under
 * way. A list in the checkpoint, so that a restart reaches nobody twice.
 */
import { compareId } from './compare-id';

export class TreatedEarly {
  private readonly ids: Set<string>;

  constructor(ids: readonly string[] = []) {
    this.ids = new Set(ids);
  }

  has(customerId: string): boolean {
    return this.ids.has(customerId);
  }

  add(customerId: string): void {
    this.ids.add(customerId);
  }

  /** The run is through with everybody up to this id. */
  passed(after: string): void {
    for (const id of this.ids) if (compareId(id, after) <= 0) this.ids.delete(id);
  }

  toJSON(): string[] {
    return [...this.ids];
  }
}
