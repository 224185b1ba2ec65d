/** Whether another process has the store open for writing. */
import { acquireStoreLock, StoreRefused } from '@rapport/event-store';

export function storeIsServed(data: string): Promise<boolean> {
  try {
    acquireStoreLock(data).release();
    return Promise.resolve(false);
  } catch (error) {
    if (error instanceof StoreRefused) return Promise.resolve(true);
    throw error;
  }
}
