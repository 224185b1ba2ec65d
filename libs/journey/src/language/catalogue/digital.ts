/** Web, app and product usage. */
import { area, CAMPAIGN, COUNT, TEXT, type PropertySpecs } from './catalogue-entry';

const PAGE: PropertySpecs = { url: TEXT, referrer: TEXT };
const ITEM: PropertySpecs = { productId: TEXT, category: TEXT, value: COUNT };

export const WEB = area('web', {
  'web.visited': { title: 'Visited the website', properties: { ...PAGE, ...CAMPAIGN } },
  'web.page.viewed': { title: 'Viewed a page', properties: PAGE },
  'web.product.viewed': { title: 'Viewed a product', properties: ITEM },
  'web.search.made': { title: 'Searched the website', properties: { query: { type: 'string', personal: true } } },
  'web.cart.updated': { title: 'Changed the cart', properties: ITEM },
  'web.cart.abandoned': { title: 'Left a cart behind', properties: ITEM },
  'web.wishlist.updated': { title: 'Changed the wish list', properties: ITEM },
  'web.form.submitted': { title: 'Sent a form', properties: { form: TEXT } },
  'web.content.downloaded': { title: 'Downloaded content', properties: { content: TEXT } },
  'web.newsletter.subscribed': { title: 'Subscribed to the newsletter', properties: { list: TEXT } },
  'web.newsletter.unsubscribed': { title: 'Left the newsletter', properties: { list: TEXT } },
  'web.account.created': { title: 'Created an account' },
  'web.signed-in': { title: 'Signed in on the website', meanings: ['usage'] },
  'web.demo.requested': { title: 'Asked for a demonstration', meanings: ['question'] },
  'web.question.asked': { title: 'Asked a question on the website', meanings: ['question'] },
});

export const APP = area('app', {
  'app.installed': { title: 'Installed the app', properties: { platform: TEXT, version: TEXT } },
  'app.uninstalled': { title: 'Removed the app', properties: { platform: TEXT } },
  'app.opened': { title: 'Opened the app', meanings: ['usage'], properties: { platform: TEXT, version: TEXT } },
  'app.session.ended': { title: 'Ended a session in the app', meanings: ['usage'], properties: { seconds: COUNT } },
  'app.feature.used': { title: 'Used a feature of the app', meanings: ['usage'], properties: { feature: TEXT } },
  'app.crashed': { title: 'The app failed', properties: { version: TEXT } },
  'app.notification.sent': { title: 'Was sent a notification', direction: 'outbound', properties: CAMPAIGN },
  'app.notification.opened': { title: 'Opened a notification', properties: CAMPAIGN },
  'product.registered': { title: 'Registered a product', meanings: ['usage'], properties: { productId: TEXT } },
  'product.activated': { title: 'Started to use a product', meanings: ['usage'], properties: { productId: TEXT } },
  'product.discontinuing': {
    title: 'A product of theirs is about to be discontinued',
    direction: 'outbound',
    properties: { productId: TEXT, lastDay: TEXT },
  },
  'product.used': { title: 'Used a product', meanings: ['usage'], properties: { productId: TEXT, feature: TEXT } },
});
