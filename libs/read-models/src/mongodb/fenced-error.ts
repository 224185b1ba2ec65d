/** The partition has a newer owner: nothing was written, and nothing will be. Whoever gets it lets go of the partition. */
export class FencedError extends Error {
  static of(partition: string, token: number, newest?: number): FencedError {
    const by = newest === undefined ? '' : ` by ${newest}`;
    return new FencedError(
      `Read models of partition ${partition}: token ${token} was overtaken${by}; another worker owns the partition now.`,
    );
  }

  /** As another thread said it. */
  static said(message: string): FencedError {
    return new FencedError(message);
  }
}
