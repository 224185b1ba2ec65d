/** Where a start goes on from: one event that stands for all that came before it in the three streams of a partition. */
import type { NewEvent } from '@rapport/event-store';
import { ACTION_EVENT, DISPATCH_CHECKPOINT_OPEN_MAX, type DispatchCheckpointed } from './action-events';
import { actionEvent } from './action-event';
import { atCheckpoint } from './open-action';
import type { PartitionDispatch } from './partition-dispatch';

/** null = too much is open for one event: a start reads on from an older one. */
export function checkpointOf(own: PartitionDispatch, now: number): NewEvent | null {
  if (own.open.size > DISPATCH_CHECKPOINT_OPEN_MAX) return null;
  const data: DispatchCheckpointed = {
    journey: own.journey,
    touchpoints: own.touchpoints,
    open: [...own.open.values()].map(atCheckpoint),
    pausedChannels: [...own.pausedChannels],
  };
  return actionEvent(ACTION_EVENT.dispatchCheckpointed, now, undefined, data);
}
