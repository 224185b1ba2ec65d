/** What customers say and do for the brand: surveys, support, referrals, reviews, references, events; and employees. */
import { area, CAMPAIGN, TEXT, TICKET, UNKNOWN_CHANNEL, type PropertySpecs } from './catalogue-entry';

const SURVEY: PropertySpecs = {
  surveyId: TEXT,
  kind: { type: 'string', oneOf: ['nps', 'csat', 'ces', 'choice', 'text', 'other'] },
};

export const SURVEYS = area('survey', {
  'survey.sent': { title: 'Was asked in a survey', meanings: ['ask'], direction: 'outbound', properties: SURVEY },
  'survey.answered': {
    title: 'Answered a survey',
    meanings: ['answer'],
    properties: { ...SURVEY, score: { type: 'number', min: -1_000, max: 1_000 } },
  },
  'survey.declined': { title: 'Declined a survey', properties: SURVEY },
  'feedback.given': { title: 'Gave feedback', properties: { topic: TEXT } },
  'feedback.praise.given': { title: 'Praised the brand', meanings: ['praise'], properties: { topic: TEXT } },
  'feedback.complaint.made': {
    title: 'Complained',
    meanings: ['complaint'],
    properties: { ...TICKET, topic: TEXT },
  },
});

export const SUPPORT = area('support', {
  'support.ticket.opened': { title: 'Asked for support', meanings: ['question'], properties: TICKET },
  'support.ticket.updated': { title: 'Added to a support ticket', properties: TICKET },
  'support.ticket.replied': { title: 'Was answered by support', direction: 'outbound', properties: TICKET },
  'support.ticket.escalated': { title: 'Escalated a ticket', meanings: ['complaint'], properties: TICKET },
  'support.ticket.reopened': { title: 'Opened a ticket again', meanings: ['complaint'], properties: TICKET },
  'support.ticket.resolved': {
    title: 'A ticket was resolved',
    meanings: ['resolution'],
    direction: 'outbound',
    properties: TICKET,
  },
  'support.ticket.closed': {
    title: 'A ticket was closed',
    meanings: ['resolution'],
    direction: 'outbound',
    properties: TICKET,
  },
  'support.complaint.opened': { title: 'Complained to support', meanings: ['complaint'], properties: TICKET },
  'support.article.viewed': { title: 'Read a help article', properties: { article: TEXT } },
});

const REFERRAL: PropertySpecs = { referralId: TEXT, ...CAMPAIGN };
/** Required: a review counts as a deed by its rating, and one without would count as a good one. */
const REVIEW: PropertySpecs = {
  rating: { type: 'number', required: true, min: 0, max: 5 },
  productId: TEXT,
  site: TEXT,
  url: TEXT,
};
const STORY: PropertySpecs = { storyId: TEXT, url: TEXT };

export const ADVOCACY = area(UNKNOWN_CHANNEL, {
  'referral.requested': {
    title: 'Was asked for a referral',
    meanings: ['ask'],
    direction: 'outbound',
    properties: REFERRAL,
  },
  'referral.made': { title: 'Referred somebody', meanings: ['answer'], properties: REFERRAL },
  'referral.accepted': { title: 'A referral of theirs was accepted', meanings: ['advocacy'], properties: REFERRAL },
  'referral.declined': { title: 'Declined to refer', properties: REFERRAL },
  'review.requested': {
    title: 'Was asked for a review',
    meanings: ['ask'],
    direction: 'outbound',
    properties: { productId: TEXT, site: TEXT, ...CAMPAIGN },
  },
  'review.posted': { title: 'Posted a review', meanings: ['answer', 'advocacy'], properties: REVIEW },
  'review.withdrawn': { title: 'Withdrew a review', properties: { productId: TEXT, site: TEXT, url: TEXT } },
  'review.replied': { title: 'A review of theirs was answered', direction: 'outbound', properties: { url: TEXT } },
  'reference.requested': { title: 'Was asked for a reference', meanings: ['ask'], direction: 'outbound' },
  'reference.given': { title: 'Gave a reference', meanings: ['answer', 'advocacy'] },
  'reference.declined': { title: 'Declined to give a reference' },
  'story.requested': {
    title: 'Was asked for their story',
    meanings: ['ask'],
    direction: 'outbound',
    properties: STORY,
  },
  'story.published': { title: 'A story of theirs was published', meanings: ['advocacy'], properties: STORY },
  'testimonial.published': { title: 'A testimonial was published', meanings: ['advocacy'], properties: STORY },
});

const EVENT: PropertySpecs = { eventId: TEXT, event: TEXT };

export const EVENTS = area('event', {
  'event.invited': { title: 'Was invited to an event', meanings: ['ask'], direction: 'outbound', properties: EVENT },
  'event.registered': { title: 'Signed up for an event', meanings: ['answer'], properties: EVENT },
  'event.attended': { title: 'Came to an event', properties: EVENT },
  'event.missed': { title: 'Did not come to an event', direction: 'outbound', properties: EVENT },
  'event.spoken': { title: 'Spoke at an event for the brand', meanings: ['advocacy'], properties: EVENT },
});

export const EMPLOYEE = area('employee', {
  'employee.met': { title: 'Met an employee', properties: { reason: TEXT } },
  'employee.visited': { title: 'Was visited by an employee', direction: 'outbound', properties: { reason: TEXT } },
  'employee.noted': { title: 'An employee wrote a note', direction: 'outbound', properties: { topic: TEXT } },
  'employee.helped': { title: 'Was helped by an employee', meanings: ['gift'], direction: 'outbound' },
  'employee.praised': { title: 'Praised an employee', meanings: ['praise'] },
  'employee.joined': { title: 'Joined the company', direction: 'outbound' },
  'employee.left': { title: 'Left the company', direction: 'outbound' },
  'employee.trained': { title: 'Was trained', direction: 'outbound', properties: { topic: TEXT } },
  'employee.recommended': { title: 'Recommended the brand as an employee', meanings: ['advocacy'] },
});
