/** What the guards are told of the customer: the ledger, and beside it what it cannot know yet. */
import { hasOpenComplaint } from '../../core/complaints';
import type { JourneyState } from '../../core/journey-state';
import { profileKind } from '../../language/profile/profile';
import { consentSaid, zoneSaid } from '../guards/profile-facts';
import type { GuardFacts } from '../guards.types';
import type { Contact, LedgerFacts, LedgerState, OpenAsk } from '../ledger.types';
import { emptyLedger } from '../ledger/ledger-state';
import type { ChannelName } from '../play';
import type { CompiledPlays, CustomerFacts } from '../play-core.types';
import type { OpenAction, PlayState } from '../play-state';
import { isUnsettled } from './instant';

/** For reading only. */
const NOTHING_YET: LedgerState = emptyLedger();

export function guardFacts(state: JourneyState, compiled: CompiledPlays, facts: CustomerFacts, at: number): GuardFacts {
  return new FactsForGuards(state, compiled, facts, at);
}

class FactsForGuards implements GuardFacts {
  readonly ledger: LedgerFacts;

  constructor(
    private readonly state: JourneyState,
    private readonly compiled: CompiledPlays,
    private readonly facts: CustomerFacts,
    readonly at: number,
  ) {
    this.ledger = ledgerFacts(state.plays);
  }

  get openComplaint(): boolean {
    return hasOpenComplaint(this.state);
  }

  get kind(): string {
    return profileKind(this.facts.profile());
  }

  get timeZone(): string {
    return zoneSaid(this.facts.profile(), this.compiled.timeZone);
  }

  consent(purpose: string, channel: ChannelName): ReturnType<GuardFacts['consent']> {
    return consentSaid(this.facts.profile(), purpose, channel);
  }
}

const NONE_PENDING: readonly OpenAction[] = [];

/** Sends whose outcome never came stand in the ledger as if it had. */
export function ledgerFacts(plays: PlayState | null): LedgerFacts {
  const ledger = plays?.ledger ?? NOTHING_YET;
  if (plays === null) return { ledger, pending: [], virtualThanksAt: -Infinity };
  const { actions, virtualThanksAt } = plays;
  if (actions.length === 0) return { ledger, pending: NONE_PENDING, virtualThanksAt };
  const pending = actions.every(isUnsettled) ? actions : actions.filter(isUnsettled);
  if (pending.length === actions.length) return { ledger, pending, virtualThanksAt };
  const silent = actions.filter((one) => one.phase === 'silent' || one.phase === 'told');
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
