/**
 * What a stored touchpoint says about who may be written to, without parsing those that say nothing: the dispatcher reads every
 * touchpoint of a partition.
 */
import {
  type ActionOutcome,
  type ActionResult,
  CONSENT_GIVEN_TYPE,
  CONSENT_WITHDRAWN_TYPE,
  OUTCOME_TYPE_PREFIX,
  RAPPORT_SOURCE,
} from '@rapport/journey';

export type SuppressedBecause = 'bounced' | 'spam' | 'unsubscribed' | 'refused';

export type PermissionNews =
  | { kind: 'withdrawn'; purpose: string; channel: string }
  | { kind: 'given'; purpose: string; channel: string }
  | { kind: 'suppressed'; channel: string; because: SuppressedBecause };

export type OutcomeNews = { kind: 'outcome'; outcome: Pick<ActionOutcome, 'action' | 'result'> };

const EMAIL_CHANNEL = 'email';
const SUPPRESSING: ReadonlyMap<string, SuppressedBecause> = new Map([
  ['email.bounced', 'bounced'],
  ['email.marked-as-spam', 'spam'],
  ['email.unsubscribed', 'unsubscribed'],
  ['web.newsletter.unsubscribed', 'unsubscribed'],
]);
/** Stands in the data of every touchpoint, behind its id. A quote inside an id is escaped, so that this is no part of one. */
const BEFORE_TYPE = '","type":"';
const BEGINNINGS = [OUTCOME_TYPE_PREFIX, 'consent.', 'email.', 'web.newsletter.'];

/** @param data of a TouchpointRecorded event. null = it says nothing here. */
export function permissionNews(data: string): PermissionNews | OutcomeNews | null {
  const start = data.indexOf(BEFORE_TYPE) + BEFORE_TYPE.length;
  if (!BEGINNINGS.some((beginning) => data.startsWith(beginning, start))) return null;
  const { type, source, properties } = JSON.parse(data) as {
    type: string;
    source: string;
    properties: { [name: string]: unknown };
  };
  if (type.startsWith(OUTCOME_TYPE_PREFIX)) return outcomeNews(type, source, properties);
  const because = SUPPRESSING.get(type);
  if (because !== undefined) return { kind: 'suppressed', channel: EMAIL_CHANNEL, because };
  const { purpose, channel } = properties;
  if (typeof purpose !== 'string' || typeof channel !== 'string') return null;
  if (type === CONSENT_WITHDRAWN_TYPE) return { kind: 'withdrawn', purpose, channel };
  return type === CONSENT_GIVEN_TYPE ? { kind: 'given', purpose, channel } : null;
}

function outcomeNews(type: string, source: string, properties: { [name: string]: unknown }): OutcomeNews | null {
  const { action } = properties;
  if (source !== RAPPORT_SOURCE || typeof action !== 'string') return null;
  return { kind: 'outcome', outcome: { action, result: type.slice(OUTCOME_TYPE_PREFIX.length) as ActionResult } };
}
