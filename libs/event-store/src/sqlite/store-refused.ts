/** The store cannot be opened as it is. The message says what is wrong, where, and how to mend it. Nothing was changed on disk. */
export class StoreRefused extends Error {
  constructor(
    readonly reason:
      'locked' | 'newerFormat' | 'notAStore' | 'damaged' | 'unsafeSettings' | 'partitions' | 'unwritable',
    message: string,
  ) {
    super(message);
    this.name = 'StoreRefused';
  }
}
