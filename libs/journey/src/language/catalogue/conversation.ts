/** Talking with people: store, phone, e-mail, chat, social networks and the community. */
import { area, CAMPAIGN, COUNT, TEXT, TICKET, type PropertySpecs } from './catalogue-entry';

const CALL: PropertySpecs = { ...TICKET, seconds: COUNT, reason: TEXT };
const MAIL: PropertySpecs = { ...CAMPAIGN, messageId: TEXT };
const POST: PropertySpecs = { network: TEXT, url: TEXT, reach: COUNT };

export const STORE = area('store', {
  'store.visited': { title: 'Visited a store', properties: { storeId: TEXT } },
  'store.appointment.booked': { title: 'Booked an appointment', properties: { storeId: TEXT } },
  'store.appointment.attended': { title: 'Came to an appointment', properties: { storeId: TEXT } },
  'store.demo.attended': { title: 'Saw a demonstration in a store', properties: { storeId: TEXT } },
  'store.question.asked': { title: 'Asked a question in a store', meanings: ['question'] },
  'store.complaint.made': { title: 'Complained in a store', meanings: ['complaint'], properties: TICKET },
  'store.complaint.resolved': {
    title: 'A complaint was settled in a store',
    meanings: ['resolution'],
    direction: 'outbound',
    properties: TICKET,
  },
});

export const PHONE = area('phone', {
  'phone.call.received': { title: 'Called', properties: CALL },
  'phone.call.made': { title: 'Was called', direction: 'outbound', properties: CALL },
  'phone.call.missed': { title: 'Called, and nobody answered', properties: CALL },
  'phone.voicemail.left': { title: 'Left a voice message', properties: CALL },
  'phone.question.asked': { title: 'Asked a question by phone', meanings: ['question'], properties: CALL },
  'phone.complaint.made': { title: 'Complained by phone', meanings: ['complaint'], properties: CALL },
});

export const EMAIL = area('email', {
  'email.sent': { title: 'Was sent an e-mail', direction: 'outbound', properties: MAIL },
  'email.delivered': { title: 'An e-mail arrived', direction: 'outbound', properties: MAIL },
  'email.bounced': { title: 'An e-mail came back', direction: 'outbound', properties: MAIL },
  'email.opened': { title: 'Opened an e-mail', properties: MAIL },
  'email.clicked': { title: 'Followed a link in an e-mail', properties: { ...MAIL, url: TEXT } },
  'email.replied': { title: 'Answered an e-mail', meanings: ['answer'], properties: MAIL },
  'email.received': { title: 'Wrote an e-mail', properties: { ...MAIL, ...TICKET } },
  'email.unsubscribed': { title: 'Wants no more e-mails', properties: MAIL },
  'email.marked-as-spam': { title: 'Marked an e-mail as spam', properties: MAIL },
});

export const CHAT = area('chat', {
  'chat.started': { title: 'Started a chat', meanings: ['question'], properties: TICKET },
  'chat.message.received': { title: 'Wrote in a chat', properties: TICKET },
  'chat.message.sent': { title: 'Was answered in a chat', direction: 'outbound', properties: TICKET },
  'chat.ended': { title: 'Ended a chat', properties: { ...TICKET, seconds: COUNT } },
  'chat.complaint.made': { title: 'Complained in a chat', meanings: ['complaint'], properties: TICKET },
});

export const SOCIAL = area('social', {
  'social.followed': { title: 'Follows the brand', properties: POST },
  'social.unfollowed': { title: 'No longer follows the brand', properties: POST },
  'social.liked': { title: 'Liked a post of the brand', properties: POST },
  'social.shared': { title: 'Shared a post of the brand', properties: POST },
  'social.mentioned': { title: 'Mentioned the brand', properties: POST },
  'social.message.received': {
    title: 'Wrote to the brand',
    meanings: ['question'],
    properties: { ...POST, ...TICKET },
  },
  'social.message.sent': { title: 'Was written to by the brand', direction: 'outbound', properties: POST },
  'social.praise.posted': { title: 'Praised the brand in public', meanings: ['praise', 'advocacy'], properties: POST },
  'social.complaint.posted': {
    title: 'Complained in public',
    meanings: ['complaint'],
    properties: { ...POST, ...TICKET },
  },
});

const THREAD: PropertySpecs = { threadId: TEXT, topic: TEXT };

export const COMMUNITY = area('community', {
  'community.joined': { title: 'Joined the community' },
  'community.left': { title: 'Left the community' },
  'community.question.asked': { title: 'Asked the community', meanings: ['question'], properties: THREAD },
  'community.answer.given': { title: 'Answered in the community', meanings: ['advocacy'], properties: THREAD },
  'community.answer.accepted': { title: 'An answer of theirs was accepted', direction: 'outbound', properties: THREAD },
  'community.post.written': { title: 'Wrote in the community', properties: THREAD },
  'community.idea.submitted': { title: 'Proposed an idea', properties: THREAD },
  'community.praise.posted': {
    title: 'Praised in the community',
    meanings: ['praise', 'advocacy'],
    properties: THREAD,
  },
});
