/** The customer's ledger: made with the first touchpoint that it is about, folded again where something comes late. */
import type { CompiledDefinition } from '../../core/compile-definition';
import type { JourneyState } from '../../core/journey-state';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { LedgerRole, LedgerRules, LedgerState } from '../ledger.types';
import { foldLedger, refoldLedger } from '../ledger/fold-ledger';
import { emptyLedger } from '../ledger/ledger-state';
import type { PlaysNeedTimeline } from '../play-core.types';
import type { PlayState } from '../play-state';

export function foldIntoLedger(
  rules: LedgerRules,
  plays: PlayState,
  touchpoint: FoldedTouchpoint,
  role: LedgerRole | null,
): void {
  if (role === null) return;
  plays.ledger ??= emptyLedger();
  foldLedger(rules, plays.ledger, touchpoint, role);
}

/** Whether the ledger has folded something later already. */
export const playsNeedTimeline: PlaysNeedTimeline = ({ plays }, touchpoint, plan) => {
  if (plan === null || plan.ledger === null || plays === null) return false;
  const { ledger } = plays;
  if (ledger === null) return false;
  if (touchpoint.occurredAt !== ledger.newestAt) return touchpoint.occurredAt < ledger.newestAt;
  return touchpoint.touchpointId < ledger.newestId;
};

/** From all touchpoints that count; null = none of them is the ledger's business. */
export function ledgerOf(compiled: CompiledDefinition, touchpoints: readonly FoldedTouchpoint[]): LedgerState | null {
  if (compiled.plays === null) return null;
  const roleOf = (type: string) => compiled.plan(type).plays?.ledger ?? null;
  const own = touchpoints.filter((one) => roleOf(one.type) !== null);
  return own.length === 0 ? null : refoldLedger(compiled.plays.ledger, own, roleOf);
}

/** `touchpoints`: all that count, the one that is being folded among them. */
export function refoldPlays(state: JourneyState, touchpoints: readonly FoldedTouchpoint[]): void {
  if (state.plays !== null) state.plays.ledger = ledgerOf(state.compiled, touchpoints);
}
