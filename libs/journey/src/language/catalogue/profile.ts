/** Who the customer is, and what they have agreed to. */
import { area, UNKNOWN_CHANNEL, type PropertySpec, type PropertySpecs } from './catalogue-entry';

export const PROFILE_TYPE = 'profile.updated';
export const CONSENT_GIVEN_TYPE = 'consent.given';
export const CONSENT_WITHDRAWN_TYPE = 'consent.withdrawn';

export const CUSTOMER_KINDS = ['person', 'employee', 'partner'] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];

const trait: PropertySpec = { type: 'string', nullable: true };
const personal: PropertySpec = { type: 'string', nullable: true, personal: true };

/** Traits that rules and filters may read, and those that only people may. null clears a trait. */
export const TRAITS: PropertySpecs = {
  kind: { type: 'string', nullable: true, oneOf: CUSTOMER_KINDS },
  locale: trait,
  timeZone: trait,
  tags: { type: 'string[]', nullable: true },
  name: personal,
  email: personal,
  phone: personal,
  company: personal,
};

const CONSENT: PropertySpecs = {
  purpose: { type: 'string', required: true },
  /** The channel that the consent is about, not the one it came in on. */
  channel: { type: 'string', required: true },
};

export const PROFILE = area(UNKNOWN_CHANNEL, {
  // Outbound unless said otherwise: mostly the brand's own systems write profiles, and an update of a CRM must not look
  // like a customer who is active. Closed: of a trait that nobody described it is not known whether it is personal.
  [PROFILE_TYPE]: { title: 'The profile was updated', direction: 'outbound', properties: TRAITS, open: false },
  [CONSENT_GIVEN_TYPE]: { title: 'Gave consent', meanings: ['consent'], properties: CONSENT },
  [CONSENT_WITHDRAWN_TYPE]: { title: 'Withdrew consent', meanings: ['consent'], properties: CONSENT },
});
