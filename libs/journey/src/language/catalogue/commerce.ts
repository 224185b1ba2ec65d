/** Buying: purchases, returns, offers, gifts, fulfilment and billing. */
import { area, CAMPAIGN, COUNT, MONEY, MONEY_BACK, ORDER, TEXT, UNKNOWN_CHANNEL } from './catalogue-entry';
import type { PropertySpecs } from './catalogue-entry';

const BASKET: PropertySpecs = { ...MONEY, ...ORDER, units: { type: 'number' }, lines: COUNT };
const BACK: PropertySpecs = {
  ...MONEY_BACK,
  ...ORDER,
  units: { type: 'number' },
  lines: COUNT,
  reason: TEXT,
  /** touchpointId or orderId of the purchase that this cancels, in full or in part. */
  returnOf: TEXT,
};
const PARCEL: PropertySpecs = { ...ORDER, shipmentId: TEXT, carrier: TEXT };
const INVOICE: PropertySpecs = { ...MONEY, ...ORDER, invoiceId: TEXT };
const PLAN: PropertySpecs = { ...MONEY, subscriptionId: TEXT, plan: TEXT };

export const PURCHASE = area(UNKNOWN_CHANNEL, {
  'purchase.completed': { title: 'Bought something', meanings: ['purchase'], properties: BASKET },
  'purchase.returned': { title: 'Sent something back', meanings: ['return'], properties: BACK },
  'purchase.cancelled': { title: 'Cancelled an order', meanings: ['return'], properties: BACK },
  'quote.requested': { title: 'Asked for a quote', meanings: ['question'], properties: MONEY },
  'quote.sent': { title: 'Was sent a quote', direction: 'outbound', properties: MONEY },
});

export const OFFER = area(UNKNOWN_CHANNEL, {
  'offer.sent': {
    title: 'Was sent an offer',
    meanings: ['ask'],
    direction: 'outbound',
    properties: { ...CAMPAIGN, campaignType: TEXT, offerId: TEXT },
  },
  'offer.redeemed': {
    title: 'Took up an offer',
    meanings: ['answer'],
    properties: { ...CAMPAIGN, ...MONEY, offerId: TEXT },
  },
  'offer.declined': { title: 'Declined an offer', properties: { ...CAMPAIGN, offerId: TEXT } },
  'gift.sent': { title: 'Was sent a gift', meanings: ['gift'], direction: 'outbound', properties: MONEY },
  'thanks.sent': { title: 'Was thanked', meanings: ['gift'], direction: 'outbound' },
  'reward.granted': { title: 'Was granted a reward', meanings: ['gift'], direction: 'outbound', properties: MONEY },
  'reward.redeemed': { title: 'Used a reward', properties: MONEY },
  'points.granted': {
    title: 'Was granted points',
    meanings: ['gift'],
    direction: 'outbound',
    properties: { points: COUNT },
  },
});

export const FULFILMENT = area('delivery', {
  'order.confirmed': { title: 'An order was confirmed', direction: 'outbound', properties: ORDER },
  'order.delayed': { title: 'An order is late', direction: 'outbound', properties: ORDER },
  'order.picked-up': { title: 'Picked up an order', properties: ORDER },
  'shipment.sent': { title: 'A parcel was sent', direction: 'outbound', properties: PARCEL },
  'shipment.delayed': { title: 'A parcel is late', direction: 'outbound', properties: PARCEL },
  'shipment.delivered': { title: 'A parcel was delivered', direction: 'outbound', properties: PARCEL },
  'shipment.failed': { title: 'A parcel could not be delivered', direction: 'outbound', properties: PARCEL },
  'delivery.complaint.made': { title: 'Complained about a delivery', meanings: ['complaint'], properties: PARCEL },
});

export const BILLING = area('billing', {
  'invoice.sent': { title: 'Was sent an invoice', direction: 'outbound', properties: INVOICE },
  'invoice.paid': { title: 'Paid an invoice', properties: INVOICE },
  'invoice.reminded': { title: 'Was reminded of an invoice', direction: 'outbound', properties: INVOICE },
  'payment.failed': { title: 'A payment failed', direction: 'outbound', properties: INVOICE },
  'refund.issued': { title: 'Got money back', direction: 'outbound', properties: { ...INVOICE, ...MONEY_BACK } },
  'billing.question.asked': { title: 'Asked about an invoice', meanings: ['question'], properties: INVOICE },
  'billing.disputed': { title: 'Disputed an invoice', meanings: ['complaint'], properties: INVOICE },
  'subscription.started': { title: 'Started a subscription', meanings: ['purchase'], properties: PLAN },
  'subscription.renewed': { title: 'Renewed a subscription', meanings: ['purchase'], properties: PLAN },
  'subscription.changed': { title: 'Changed a subscription', properties: PLAN },
  'subscription.cancelled': { title: 'Ended a subscription', properties: { ...PLAN, reason: TEXT } },
});
