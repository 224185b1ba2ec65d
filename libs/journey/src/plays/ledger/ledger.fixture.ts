import { DAY_MS } from '../../language/duration';
import { CATALOGUE } from '../../language/catalogue/catalogue';
import type { FoldedTouchpoint, Properties } from '../../touchpoint';
import { GUARDS_OF_TESTS } from '../guards/guards.fixture';
import type { LedgerRole, LedgerState } from '../ledger.types';
import { RAPPORT_SOURCE } from '../play-inputs';
import { refoldLedger } from './fold-ledger';
import { ledgerRoleOf } from './ledger-role';
import { ledgerRulesOf } from './ledger-state';

export const RULES = ledgerRulesOf(GUARDS_OF_TESTS);
/** Days of the tests are counted from here. */
export const START = Date.parse('2026-01-01T00:00:00Z');

export function day(number: number): number {
  return START + number * DAY_MS;
}

export function roleOf(type: string): LedgerRole | null {
  return ledgerRoleOf(type, CATALOGUE.meanings(type));
}

/** As the catalogue has it, on day `at`. */
export function touchpoint(
  type: string,
  at: number,
  properties: Properties = {},
  id = `${type}@${at}`,
): FoldedTouchpoint {
  const entry = CATALOGUE.entry(type);
  return {
    ...{ touchpointId: id, type, channel: entry?.channel ?? 'email', direction: entry?.direction ?? 'inbound' },
    ...{ occurredAt: day(at), source: 'crm', properties, history: false },
  };
}

export function outcome(result: string, at: number, told: Properties, channel = 'email'): FoldedTouchpoint {
  const properties = { action: `action-${at}`, purpose: 'relationship', play: 'p', attempts: 1, ...told };
  const type = `action.${result}`;
  return { ...touchpoint(type, at, properties), channel, direction: 'outbound', source: RAPPORT_SOURCE };
}

export function ledgerOf(...touchpoints: FoldedTouchpoint[]): LedgerState {
  return refoldLedger(RULES, touchpoints, roleOf);
}
