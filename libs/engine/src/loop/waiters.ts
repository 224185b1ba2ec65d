/** Who waits for a position. */
export interface Waiter {
  position: number;
  done: () => void;
}

/** Answers those who wait for this position or an earlier one, and forgets them. */
export function answerUpTo(waiters: Waiter[], position: number): void {
  for (let i = waiters.length - 1; i >= 0; i--) {
    if (waiters[i]!.position <= position) waiters.splice(i, 1)[0]!.done();
  }
}
