/** What plays have to say of one customer: the ledger, and why a play does not act. */
import { ledgerQuestion, playSentence, type PlayDecision, whyNotPlay } from '@rapport/journey';
import type { CustomerRow } from '@rapport/read-models';
import type { QueryAnswer } from '../rapport.types';
import { conditionItem } from './change-bodies';
import { momentOf, stateOf } from './customer-state';
import { readDecision } from '../loop/read-decision';
import { type Asked, eventsAt, found, iso, isoOrNull, notFound, textOfBytes } from './sources';
import { StoredFacts } from './stored-facts';

export function ledger(asked: Asked, { customerId }: { customerId: string }): QueryAnswer {
  const row = asked.models.customer(customerId);
  if (!row) return notFound(asked);
  const view = ledgerQuestion(stateOf(asked, row), new StoredFacts(asked, row), momentOf(asked, row));
  if (view === null)
    return found(asked, { customerId, ledger: null, detail: 'The definition has no plays, so no ledger is kept.' });
  const { open, next, ...sums } = view;
  return found(asked, {
    customerId,
    ledger: {
      ...sums,
      open: open.map((ask) => ({ ...ask, openedAt: iso(ask.openedAt) })),
      next: next.map((one) => ({ ...one, eligibleAt: isoOrNull(one.eligibleAt), whyNot: one.whyNot.map(dated) })),
    },
  });
}

/** With the last withholding that is on record beside the reasons that hold now. */
export function whyNot(asked: Asked, { customerId, play }: { customerId: string; play: string }): QueryAnswer {
  const row = asked.models.customer(customerId);
  if (!row) return notFound(asked);
  const answer = whyNotPlay(stateOf(asked, row), play, new StoredFacts(asked, row), momentOf(asked, row));
  if (answer === null) return notFound(asked);
  return found(asked, {
    customerId,
    ...answer,
    reasons: answer.reasons.map(dated),
    ahead: answer.ahead.map((step) => ({ ...step, reasons: step.reasons.map(dated) })),
    evidence: answer.evidence.map(conditionItem),
    lastWithheld: lastWithheld(asked, row, play),
  });
}

type Withholding = Extract<PlayDecision, { type: 'ActionWithheld' | 'EntryWithheld' }>;

function lastWithheld(asked: Asked, { no }: CustomerRow, play: string): object | null {
  const kept = asked.models.plays.withheld(no).find((one) => one.play === play);
  if (kept === undefined) return null;
  const [event] = eventsAt(asked, [kept.position]);
  const decision = readDecision(event!.type, textOfBytes(event!.data)) as Withholding;
  const { at, reason } = decision;
  return { position: kept.position, at: iso(at), reason, sentence: playSentence(decision) };
}

function dated<T extends { until: number | null }>(one: T): Omit<T, 'until'> & { until: string | null } {
  return { ...one, until: one.until === null || !Number.isFinite(one.until) ? null : iso(one.until) };
}
