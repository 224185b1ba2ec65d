/** What the guards are told of the customer: the ledger, and beside it what it cannot know yet. */
import { hasOpenComplaint } from '../../core/complaints';
import type { JourneyState } from '../../core/journey-state';
import { profileKind } from '../../language/profile/profile';
import { consentSaid, zoneSaid } from '../guards/profile-facts';
import type { GuardFacts } from '../guards.types';
import type { Contact, LedgerFacts, LedgerState, OpenAsk } from '../ledger.types';
import { emptyLedger } from '../ledger/ledger-state';
import type { CompiledPlays, CustomerFacts } from '../play-core.types';
import type { OpenAction, PlayState } from '../play-state';
import { isUnsettled } from './instant';

/** For reading only. */
const NOTHING_YET: LedgerState = emptyLedger();

export function guardFacts(state: JourneyState, compiled: CompiledPlays, facts: CustomerFacts, at: number): GuardFacts {
  return {
    at,
    ledger: ledgerFacts(state.plays),
    openComplaint: hasOpenComplaint(state),
    get kind() {
      return profileKind(facts.profile());
    },
    get timeZone() {
      return zoneSaid(facts.profile(), compiled.timeZone);
    },
    consent: (purpose, channel) => consentSaid(facts.profile(), purpose, channel),
  };
}

/** Sends whose outcome never came stand in the ledger as if it had. */
export function ledgerFacts(plays: PlayState | null): LedgerFacts {
  const ledger = plays?.ledger ?? NOTHING_YET;
  if (plays === null) return { ledger, pending: [], virtualThanksAt: -Infinity };
  const { actions, virtualThanksAt } = plays;
  const silent = actions.filter((one) => one.phase === 'silent' || one.phase === 'told');
  const pending = actions.filter(isUnsettled);
  return { ledger: silent.length === 0 ? ledger : withSilent(ledger, silent), pending, virtualThanksAt };
}

function withSilent(ledger: LedgerState, silent: readonly OpenAction[]): LedgerState {
  const sent = silent.filter((one) => one.verb !== 'task');
  const contacts: Contact[] = sent.map(({ requestedAt, channel, purpose, verb }) => {
    return { at: requestedAt, channel, purpose, ask: verb === 'ask' };
  });
  const asks = silent.filter((one) => one.verb === 'ask');
  const open: OpenAsk[] = asks.map(({ action, what, requestedAt }) => {
    return { action, kind: what, openedAt: requestedAt, reference: '' };
  });
  return {
    ...ledger,
    contacts: [...contacts, ...ledger.contacts].sort((a, b) => b.at - a.at),
    open: [...open, ...ledger.open].sort((a, b) => b.openedAt - a.openedAt),
  };
}
