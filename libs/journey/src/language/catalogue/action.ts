/** What became of actions of plays. Rapport writes them itself; they mean nothing for the stages. */
import { area, COUNT, TEXT, UNKNOWN_CHANNEL, type EntryDraft } from './catalogue-entry';

/** The title says it from the customer's side, as all titles do. */
const outcome = (title: string): EntryDraft => ({
  title,
  direction: 'outbound',
  properties: { action: TEXT, verb: TEXT, what: TEXT, purpose: TEXT, play: TEXT, attempts: COUNT, reason: TEXT },
  reserved: true,
});

export const ACTION = area(UNKNOWN_CHANNEL, {
  'action.delivered': outcome('Was reached by a play'),
  'action.failed': outcome('Could not be reached by a play'),
  'action.expired': outcome('An action of a play was not carried out in time'),
  'action.withdrawn': outcome('An action of a play was withdrawn'),
  'action.in-doubt': outcome('It is not known whether a play reached them'),
});
