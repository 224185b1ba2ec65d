/** What simulated customers and the brand say and do, in terms of the catalogue. */
import type { Properties } from '@rapport/journey';
import { PRODUCTS } from './names';
import type { Persona } from './personas';
import type { Prng } from './prng';

export interface Said {
  type: string;
  channel?: string;
  /** True = the brand does it, so it goes on when the customer has left. */
  outbound?: true;
  actor?: string;
  texts?: readonly string[];
  properties?: (prng: Prng) => Properties;
}

const product = (prng: Prng): Properties => ({ productId: prng.pick(PRODUCTS) });

export const SAID = {
  webVisit: { type: 'web.visited' },
  productView: { type: 'web.product.viewed', properties: product },
  appOpen: { type: 'app.opened' },
  storeVisit: { type: 'store.visited' },
  profile: { type: 'profile.updated', channel: 'crm', outbound: true },
  consent: { type: 'consent.given', channel: 'web' },
  purchase: { type: 'purchase.completed' },
  delivery: { type: 'shipment.delivered', outbound: true },
  returned: { type: 'purchase.returned', channel: 'web' },
  review: { type: 'review.posted', channel: 'web', properties: product },
  ticketComplaint: { type: 'support.complaint.opened', texts: ['It broke after a week.', 'Parts were missing.'] },
  phoneComplaint: { type: 'phone.complaint.made', texts: ['Called about a late delivery.', 'Was charged twice.'] },
  chatComplaint: { type: 'chat.complaint.made', texts: ['The app keeps logging me out.'] },
  resolution: { type: 'support.ticket.resolved', outbound: true, actor: 'service team' },
  surveySent: { type: 'survey.sent', outbound: true },
  surveyAnswer: { type: 'survey.answered' },
  offer: { type: 'offer.sent', channel: 'email', outbound: true },
  redeemed: { type: 'offer.redeemed', channel: 'store' },
  referral: { type: 'referral.accepted', channel: 'web' },
  communityAnswer: {
    type: 'community.answer.given',
    texts: ['Hold the button for five seconds.', 'Mine did that too: descale it.'],
  },
  praise: { type: 'social.praise.posted', texts: ['Best lamp I ever had.', 'They repaired it for free!'] },
  story: { type: 'story.published', channel: 'web' },
  reference: { type: 'reference.given', channel: 'phone' },
  employeeDeed: { type: 'employee.recommended' },
  training: { type: 'employee.trained', outbound: true, properties: () => ({ topic: 'products' }) },
  question: { type: 'web.question.asked', texts: ['Does it come in green?'] },
} as const satisfies { [name: string]: Said };

export interface Deed {
  said: Said;
  properties: Properties;
}

/** What somebody like this does for the brand. */
export function deedOf(persona: Persona, prng: Prng): Deed {
  const said: Said =
    persona.kind === 'employee'
      ? prng.weighted<Said>([
          [SAID.training, 2],
          [SAID.employeeDeed, 1],
        ])
      : persona.kind === 'partner'
        ? prng.weighted<Said>([
            [SAID.reference, 2],
            [SAID.story, 1],
          ])
        : prng.weighted<Said>([
            [SAID.communityAnswer, 5],
            [SAID.referral, 3],
            [SAID.praise, 3],
            [SAID.question, 1],
          ]);
  return { said, properties: said === SAID.referral ? { referralId: `r${prng.between(1, 1_000_000)}` } : {} };
}
