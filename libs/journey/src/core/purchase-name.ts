/** Names by which a return and its purchase find each other. Numbers are names too: some shops number their orders. */
import type { FoldedTouchpoint } from '../touchpoint';
import { propertyOf } from './selector';

/** The purchase that a return names: its touchpointId or its orderId. Undefined = it names none. */
export function returnName(touchpoint: FoldedTouchpoint): string | undefined {
  return nameIn(touchpoint, 'returnOf');
}

export function orderName(touchpoint: FoldedTouchpoint): string | undefined {
  return nameIn(touchpoint, 'orderId');
}

/** FNV-1a over the UTF-16 code units. Two names with one hash cost a refold, never a wrong answer. */
export function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function nameIn(touchpoint: FoldedTouchpoint, property: string): string | undefined {
  const name = propertyOf(touchpoint.properties, property);
  return (typeof name === 'string' && name !== '') || typeof name === 'number' ? String(name) : undefined;
}
