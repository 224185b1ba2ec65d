/** Outcomes of actions carry what was asked for, so that the ledger needs nothing but touchpoints. */
import type { FoldedTouchpoint } from '../../touchpoint';
import type { LedgerRules, LedgerState } from '../ledger.types';
import { OUTCOME_TYPE_PREFIX, RAPPORT_SOURCE, type ActionResult } from '../play-inputs';
import { closeAsk, openAsk } from './asks';
import { addContact } from './contacts';
import { TASK_CHANNEL } from './ledger-state';
import { takeGive, THANKS } from './gives';
import { EVERY_CHANNEL, suppress } from './suppressions';

interface Told {
  action: string;
  verb: string;
  what: string;
  purpose: string;
  reason: string;
  /** Of a finished task that asked: answered or declined settles the ask at once. */
  answer: string;
}

/** Expired, failed and in doubt leave no trace here: what is not settled stands in the open actions. */
export function foldOutcome(rules: LedgerRules, ledger: LedgerState, touchpoint: FoldedTouchpoint): void {
  const told = toldBy(touchpoint);
  if (told === null) return;
  const result = touchpoint.type.slice(OUTCOME_TYPE_PREFIX.length) as ActionResult;
  if (result === 'delivered') delivered(rules, ledger, touchpoint, told);
  if (result === 'withdrawn') withdrawn(ledger, touchpoint, told);
}

/** Only Rapport's own word counts: an older log may hold such a type from elsewhere. */
function toldBy({ source, properties }: FoldedTouchpoint): Told | null {
  if (source !== RAPPORT_SOURCE || typeof properties.action !== 'string') return null;
  const text = (name: string): string => {
    const value = properties[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    action: properties.action,
    ...{ verb: text('verb'), what: text('what'), purpose: text('purpose') },
    ...{ reason: text('reason'), answer: text('answer') },
  };
}

function delivered(rules: LedgerRules, ledger: LedgerState, touchpoint: FoldedTouchpoint, told: Told): void {
  const { occurredAt, channel } = touchpoint;
  const { action, verb, what, purpose } = told;
  // Who does a task reaches the customer, or not: no cap counts it. That it asked is kept for the cooldown.
  const reaches = verb === 'ask' || (verb !== 'task' && channel !== TASK_CHANNEL);
  if (verb === 'give') takeGive(ledger, what === THANKS || what === 'help' ? what : 'gift', occurredAt);
  if (verb === 'ask') openAsk(ledger, { action, kind: what, openedAt: occurredAt, reference: '' });
  if (reaches) addContact(ledger, rules, { at: occurredAt, channel, purpose, ask: verb === 'ask' });
  if (verb !== 'ask') return;
  if (told.answer === 'answered' || told.answer === 'declined') {
    closeAsk(ledger, { kind: what, action, reference: '' }, told.answer);
  }
}

function withdrawn(ledger: LedgerState, { occurredAt, channel }: FoldedTouchpoint, { reason }: Told): void {
  if (reason === 'suppressedAddress') suppress(ledger, { channel, reason: 'address', at: occurredAt });
  if (reason === 'erased') suppress(ledger, { channel: EVERY_CHANNEL, reason: 'erased', at: occurredAt });
}
