/** How soon it is seen that a position is shown. */
const LOOK_MS = 5;

/** True when `shown` has come to the position; false when the time is over, or there is nothing more to come (null). */
export async function reached(position: number, timeoutMs: number, shown: () => number | null): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const upTo = shown();
    if (upTo !== null && upTo >= position) return true;
    if (upTo === null || performance.now() > until) return false;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}
