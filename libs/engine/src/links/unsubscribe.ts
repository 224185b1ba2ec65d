/** What a POST to an unsubscribe link means: RFC 8058's one click, or the button of the page. */
import { carrierOf, SERVICE_PURPOSE, type Touchpoint } from '@rapport/journey';
import type { LinkClaims } from './sealed-links';

export const EMAIL_CHANNEL = 'email';

/**
 * `everything`: no message on this channel any more, whatever for. Messages that need no consent can only be stopped so.
 * Pressed twice is two words of the same content, a moment apart: they have different ids.
 */
export function unsubscription(claims: LinkClaims, everything: boolean, now: number): Touchpoint {
  const { customerId, action, purpose } = claims;
  const channel = carrierOf(claims.channel);
  // Only e-mail can be stopped as a whole: stopping it because of a message in a chat would be another thing than was asked.
  const all = channel === EMAIL_CHANNEL && (everything || purpose === SERVICE_PURPOSE);
  return {
    touchpointId: `${action}-unsubscribed-${now}`,
    customerId,
    type: all ? 'email.unsubscribed' : 'consent.withdrawn',
    channel,
    direction: 'inbound',
    occurredAt: now,
    source: 'rapport-links',
    properties: all ? { action } : { purpose, channel, action },
    history: false,
  };
}
