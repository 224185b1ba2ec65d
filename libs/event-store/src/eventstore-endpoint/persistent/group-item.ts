import type { StoredEvent } from '../../event-store';

/** An event on its way through a group. */
export interface GroupItem {
  /** What a consumer acknowledges: the id of the link where there is one, else of the event; 16 bytes as latin1. */
  key: string;
  event: StoredEvent;
  /** Of the stream of what was parked, where it comes from there. */
  link?: StoredEvent;
  /** Its place in the source: revision, or position for $all. */
  number: number;
  retries: number;
}
