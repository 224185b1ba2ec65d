/** What forms said so lately that the read models may not show it yet: a form that is sent twice counts once. */

/** More than come while the read models are a few seconds behind; one that is forgotten too early is parked as a repeat. */
const KEPT_MAX = 10_000;

export class NewestAnswers {
  private readonly kept = new Set<string>();

  /** False where a touchpoint of this id was taken already. */
  take(touchpointId: string): boolean {
    if (this.kept.has(touchpointId)) return false;
    if (this.kept.size >= KEPT_MAX) {
      const oldest = this.kept.values().next();
      if (oldest.done !== true) this.kept.delete(oldest.value);
    }
    this.kept.add(touchpointId);
    return true;
  }

  /** It could not be stored: another try is welcome. */
  giveBack(touchpointId: string): void {
    this.kept.delete(touchpointId);
  }
}
