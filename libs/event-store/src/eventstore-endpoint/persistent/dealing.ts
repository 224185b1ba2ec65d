/** Who of the consumers gets an event. */
import type { Consumer } from './consumer';
import type { GroupItem } from './group-item';
import type { Strategy } from './group-settings';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface Dealing {
  /** Undefined = it must wait, and what comes behind it may go first. */
  to(item: GroupItem, consumers: readonly Consumer[]): Consumer | undefined;
}

export function dealingOf(strategy: Strategy): Dealing {
  switch (strategy) {
    case 'DispatchToSingle':
      return { to: (_, consumers) => consumers.find(hasRoom) };
    case 'RoundRobin':
      return new InTurn();
    case 'Pinned':
      return { to: pinned };
  }
}

class InTurn implements Dealing {
  private turn = 0;

  to(_: GroupItem, consumers: readonly Consumer[]): Consumer | undefined {
    for (let i = 0; i < consumers.length; i++) {
      const consumer = consumers[(this.turn + i) % consumers.length];
      if (consumer === undefined || !hasRoom(consumer)) continue;
      this.turn = (this.turn + i + 1) % consumers.length;
      return consumer;
    }
    return undefined;
  }
}

/** A stream always to the same one; not to another as long as one still has an event of it. */
function pinned({ event }: GroupItem, consumers: readonly Consumer[]): Consumer | undefined {
  const consumer = consumers[hashOf(event.stream) % consumers.length];
  if (consumer === undefined || !hasRoom(consumer)) return undefined;
  const busy = consumers.some((other) => other !== consumer && hasStream(other, event.stream));
  return busy ? undefined : consumer;
}

function hasStream(consumer: Consumer, stream: string): boolean {
  for (const { item } of consumer.inFlight.values()) if (item.event.stream === stream) return true;
  return false;
}

function hasRoom(consumer: Consumer): boolean {
  return consumer.free > 0;
}

function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}
