/** What a type means for the ledger: by its meanings, and by name where these do not say enough. */
import { CONSENT_GIVEN_TYPE } from '../../language/catalogue/profile';
import type { LedgerRole, LedgerRoleOf } from '../ledger.types';
import { OUTCOME_TYPE_PREFIX } from '../play-inputs';

/** An answer that does not say to what kind of ask: a reply to a message. */
export const ANY_KIND = '*';

const NOTHING: LedgerRole = {
  ...{ ask: null, answers: null, declines: null, give: null, deed: false, praise: false },
  ...{ contact: false, bad: false, suppresses: null, lifts: false, outcome: false },
};

/** What the meaning of a type leaves open. */
const BY_TYPE: Readonly<Record<string, Partial<LedgerRole>>> = {
  'survey.answered': { answers: 'survey', bad: true },
  'email.replied': { answers: ANY_KIND },
  'story.published': { answers: 'story' },
  'community.joined': { answers: 'community' },
  'community.answer.given': { answers: 'community-answer' },
  'survey.declined': { declines: 'survey' },
  'offer.declined': { declines: 'offer' },
  'referral.declined': { declines: 'referral' },
  'reference.declined': { declines: 'reference' },
  'thanks.sent': { give: 'thanks' },
  'employee.helped': { give: 'help' },
  'email.sent': { contact: true },
  'app.notification.sent': { contact: true },
  'phone.call.made': { contact: true },
  'shipment.delayed': { bad: true },
  'shipment.failed': { bad: true },
  'order.delayed': { bad: true },
  'payment.failed': { bad: true },
  'email.bounced': { suppresses: 'bounced' },
  'email.marked-as-spam': { suppresses: 'spam' },
  'email.unsubscribed': { suppresses: 'unsubscribed' },
  'web.newsletter.unsubscribed': { suppresses: 'unsubscribed' },
  'web.newsletter.subscribed': { lifts: true },
  [CONSENT_GIVEN_TYPE]: { lifts: true },
};

/** The kind of an ask or an answer is the first part of its type: `offer.sent` asks for what `offer.redeemed` answers. */
export const ledgerRoleOf: LedgerRoleOf = (type, meanings) => {
  if (type.startsWith(OUTCOME_TYPE_PREFIX)) return { ...NOTHING, outcome: true };
  const named = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  const meant = roleByMeaning(type, meanings);
  if (named === undefined && meant === undefined) return null;
  return { ...NOTHING, ...meant, ...named };
};

function roleByMeaning(type: string, meanings: readonly string[]): Partial<LedgerRole> | undefined {
  const role: Partial<LedgerRole> = {};
  const kind = type.split('.', 1)[0] ?? type;
  if (meanings.includes('ask')) Object.assign(role, { ask: kind, contact: true });
  if (meanings.includes('answer')) role.answers = kind;
  if (meanings.includes('gift')) Object.assign(role, { give: 'gift', contact: true });
  if (meanings.includes('advocacy')) role.deed = true;
  if (meanings.includes('praise')) role.praise = true;
  if (meanings.includes('complaint')) role.bad = true;
  return Object.keys(role).length === 0 ? undefined : role;
}
