/** The ledger as a fold of touchpoints by (occurredAt, touchpointId). */
import { CONSENT_GIVEN_TYPE } from '../../language/catalogue/profile';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { FoldLedger, LedgerRole, LedgerRules, LedgerState, RefoldLedger } from '../ledger.types';
import { DRIVERS } from '../play';
import { OWED_DEEDS_KEPT } from '../play-limits';
import { closeAsk, letGo, openAsk, referenceOf } from './asks';
import { addContact } from './contacts';
import { isBadExperience } from './bad-experience';
import { foldOutcome } from './fold-outcome';
import { takeGive } from './gives';
import { emptyLedger } from './ledger-state';
import { lift, suppress } from './suppressions';

const EMAIL = 'email';
/** Of five. A review below is no recommendation and waits for no thanks; deeds that carry no rating count as they are. */
const DEED_RATING_MIN = 4;

/** In place. What comes again under the same moment and id is passed over. */
export const foldLedger: FoldLedger = (rules, ledger, touchpoint, role) => {
  const { occurredAt, touchpointId } = touchpoint;
  if (occurredAt < ledger.newestAt) return false;
  if (occurredAt === ledger.newestAt && touchpointId <= ledger.newestId) return touchpointId === ledger.newestId;
  ledger.newestAt = occurredAt;
  ledger.newestId = touchpointId;
  letGo(ledger, rules, occurredAt);
  if (role.outcome) foldOutcome(rules, ledger, touchpoint);
  else foldRole(rules, ledger, touchpoint, role);
  return true;
};

export const refoldLedger: RefoldLedger = (rules, touchpoints, roleOf) => {
  const ledger = emptyLedger();
  const inOrder = [...touchpoints].sort(byMoment);
  for (const touchpoint of inOrder) {
    const role = roleOf(touchpoint.type);
    if (role !== null) foldLedger(rules, ledger, touchpoint, role);
  }
  return ledger;
};

function byMoment(a: FoldedTouchpoint, b: FoldedTouchpoint): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.touchpointId < b.touchpointId ? -1 : Number(a.touchpointId > b.touchpointId);
}

function foldRole(rules: LedgerRules, ledger: LedgerState, touchpoint: FoldedTouchpoint, role: LedgerRole): void {
  if (touchpoint.direction === 'outbound') foldSent(rules, ledger, touchpoint, role);
  foldSaid(ledger, touchpoint, role);
  if (role.bad && isBadExperience(touchpoint)) ledger.badExperienceAt = touchpoint.occurredAt;
  if (role.suppresses !== null) {
    suppress(ledger, { channel: EMAIL, reason: role.suppresses, at: touchpoint.occurredAt });
  }
  if (role.lifts) lift(ledger, liftedChannel(touchpoint));
}

/** What other tools sent counts too. Its purpose is not known. */
function foldSent(rules: LedgerRules, ledger: LedgerState, touchpoint: FoldedTouchpoint, role: LedgerRole): void {
  const { occurredAt, channel, properties } = touchpoint;
  if (role.give !== null) takeGive(ledger, role.give, occurredAt);
  if (role.ask !== null) {
    openAsk(ledger, { kind: role.ask, openedAt: occurredAt, reference: referenceOf(properties) });
  }
  if (role.contact) addContact(ledger, rules, { at: occurredAt, channel, purpose: '', ask: role.ask !== null });
}

/** What the customer said or did. */
function foldSaid(ledger: LedgerState, touchpoint: FoldedTouchpoint, role: LedgerRole): void {
  const deed = role.deed && isDeed(touchpoint);
  if (role.answers !== null) takeAnswer(ledger, touchpoint, role.answers);
  if (role.declines !== null) closeAsk(ledger, answerOf(touchpoint, role.declines), 'declined');
  if (role.answers !== null || deed || role.praise) ledger.received += 1;
  if (deed || role.praise) ledger.owedToBrand = 0;
  if (!deed) return;
  ledger.owed.unshift({ at: touchpoint.occurredAt, touchpointId: touchpoint.touchpointId });
  if (ledger.owed.length > OWED_DEEDS_KEPT) ledger.owed.pop();
}

function isDeed({ properties }: FoldedTouchpoint): boolean {
  return typeof properties.rating !== 'number' || properties.rating >= DEED_RATING_MIN;
}

function takeAnswer(ledger: LedgerState, touchpoint: FoldedTouchpoint, kind: string): void {
  closeAsk(ledger, answerOf(touchpoint, kind), 'answered');
  ledger.lastInboundAnswerAt = touchpoint.occurredAt;
  const driver = DRIVERS.find((one) => one === touchpoint.properties.driver);
  if (driver === undefined) return;
  ledger.driver = driver;
  ledger.driverAt = touchpoint.occurredAt;
}

function answerOf({ properties }: FoldedTouchpoint, kind: string): { kind: string; action: string; reference: string } {
  const action = typeof properties.action === 'string' ? properties.action : '';
  return { kind, action, reference: referenceOf(properties) };
}

function liftedChannel({ type, properties }: FoldedTouchpoint): string {
  if (type !== CONSENT_GIVEN_TYPE) return EMAIL;
  return typeof properties.channel === 'string' ? properties.channel : '';
}
