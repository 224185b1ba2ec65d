/** Decisions as they were decided, from the data of their events. Everybody who reads decisions reads them here. */
import type { Decision } from '@rapport/journey';
import { readChain } from './chain-data';

/** @param type of the event in `journey-<pp>` @param data its JSON */
export function readDecision(type: string, data: string): Decision {
  if (type === ('HistoryRestated' satisfies Decision['type'])) return readChain(data);
  return { type, ...(JSON.parse(data) as object) } as Decision;
}
