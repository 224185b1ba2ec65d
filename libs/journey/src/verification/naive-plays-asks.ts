/** Open asks, thanks owed, complaints and consents of a known world, each from scratch. */
import type { FoldedTouchpoint } from '../touchpoint';
import { isDelivered, meansOf, ofType, type Known } from './naive-plays-world';

interface NaiveAsk {
  kind: string;
  action: string;
  reference: string;
  at: number;
}

const REFERENCES = ['campaignId', 'offerId', 'surveyId', 'referralId', 'eventId', 'storyId'];
const DECLINES = ['survey.declined', 'offer.declined', 'referral.declined', 'reference.declined'];
const OPEN_ASKS_MAX = 8;

/** When the asks that are still open at `at` were opened. */
export function openAsks({ touchpoints }: Known, answerWithin: number, at: number): number[] {
  let open: NaiveAsk[] = [];
  for (const one of touchpoints) {
    open = open.filter((ask) => one.occurredAt - ask.at <= answerWithin);
    const ask = askOf(one);
    if (ask !== null && one.properties.answer === undefined) open = [...open, ask].slice(-OPEN_ASKS_MAX);
    const kind = answeredKind(one);
    if (kind !== null) open = withoutAnswered(open, kind, one);
  }
  return open.filter((ask) => at - ask.at <= answerWithin).map((ask) => ask.at);
}

function askOf(one: FoldedTouchpoint): NaiveAsk | null {
  const { properties, occurredAt: at } = one;
  const { what, action } = properties;
  if (isDelivered(one, 'ask') && typeof what === 'string' && typeof action === 'string')
    return { kind: what, action, reference: '', at };
  if (one.direction !== 'outbound' || !meansOf(one, 'ask')) return null;
  return { kind: one.type.split('.')[0] ?? '', action: '', reference: named(one), at };
}

function answeredKind(one: FoldedTouchpoint): string | null {
  if (one.type === 'email.replied') return '*';
  if (one.type === 'community.answer.given') return 'community-answer';
  if (one.type === 'community.joined') return 'community';
  const answers = meansOf(one, 'answer') || one.type === 'story.published' || DECLINES.includes(one.type);
  return answers ? (one.type.split('.')[0] ?? '') : null;
}

function withoutAnswered(open: NaiveAsk[], kind: string, answer: FoldedTouchpoint): NaiveAsk[] {
  const { action } = answer.properties;
  const reference = named(answer);
  const newestFirst = [...open].reverse();
  const ofKind = newestFirst.filter((ask) => kind === '*' || ask.kind === kind);
  const found =
    newestFirst.find((ask) => ask.action !== '' && ask.action === action) ??
    (reference === '' ? ofKind[0] : ofKind.find((ask) => ask.reference === reference)) ??
    ofKind.find((ask) => ask.reference === '');
  return open.filter((ask) => ask !== found);
}

function named({ properties }: FoldedTouchpoint): string {
  const found = REFERENCES.map((name) => properties[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : '';
}

export function wasGiven({ touchpoints }: Known): boolean {
  return touchpoints.some((one) => isDelivered(one, 'give') || (one.direction === 'outbound' && meansOf(one, 'gift')));
}

export function owesThanks({ touchpoints, earlier }: Known): boolean {
  const virtual = ofType(earlier, 'ActionWithheld')
    .map(({ decision }) => decision)
    .filter((one) => one.reason === 'holdout' && one.verb === 'give' && one.what === 'thanks')
    .map((one) => one.at);
  return touchpoints.some((deed, place) => {
    const { rating } = deed.properties;
    if (!meansOf(deed, 'advocacy') || (typeof rating === 'number' && rating < 4)) return false;
    const thanked = touchpoints.slice(place + 1).some(isThanks);
    return !thanked && !virtual.some((at) => at >= deed.occurredAt);
  });
}

function isThanks(one: FoldedTouchpoint): boolean {
  return isDelivered(one, 'give', 'thanks') || (one.type === 'thanks.sent' && one.direction === 'outbound');
}

export function complains({ touchpoints }: Known): boolean {
  return touchpoints.some((complaint, place) => {
    if (!meansOf(complaint, 'complaint')) return false;
    const ticket = complaint.properties.ticketId ?? '';
    const after = touchpoints.slice(place + 1).filter((one) => meansOf(one, 'resolution'));
    return !after.some((one) => ticket === '' || one.properties.ticketId === ticket);
  });
}

const LATE = ['shipment.delayed', 'shipment.failed', 'order.delayed', 'payment.failed'];

/** -Infinity = never. */
export function lastBadExperience({ touchpoints }: Known): number {
  const bad = touchpoints.filter((one) => {
    const { kind, score } = one.properties;
    if (one.type !== 'survey.answered') return meansOf(one, 'complaint') || LATE.includes(one.type);
    return typeof score === 'number' && ((kind === 'nps' && score <= 6) || (kind === 'csat' && score <= 2));
  });
  return Math.max(-Infinity, ...bad.map((one) => one.occurredAt));
}

export function naiveConsent(
  { touchpoints }: Known,
  purpose: string,
  channel: string,
): 'given' | 'withdrawn' | 'unknown' {
  const said = touchpoints.filter(
    ({ type, properties }) =>
      (type === 'consent.given' || type === 'consent.withdrawn') &&
      properties.purpose === purpose &&
      [...travels(channel), 'any'].some((one) => one === properties.channel),
  );
  const last = said.at(-1);
  if (last === undefined) return 'unknown';
  return last.type === 'consent.given' ? 'given' : 'withdrawn';
}

export function naiveZone({ touchpoints }: Known, otherwise: string): string {
  const said = touchpoints.filter(
    ({ type, properties }) =>
      type === 'profile.updated' && (typeof properties.timeZone === 'string' || properties.timeZone === null),
  );
  const zone = said.at(-1)?.properties.timeZone;
  if (typeof zone !== 'string') return otherwise;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone === '' ? otherwise : zone;
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

export function naiveKind({ touchpoints }: Known): string {
  const said = touchpoints.filter(
    ({ type, properties }) =>
      type === 'profile.updated' && (typeof properties.kind === 'string' || properties.kind === null),
  );
  const kind = said.at(-1)?.properties.kind;
  return typeof kind === 'string' ? kind : 'person';
}

const STOPS = ['email.bounced', 'email.marked-as-spam', 'email.unsubscribed', 'web.newsletter.unsubscribed'];

/** A survey is an e-mail. */
const travels = (channel: string): string[] => (channel === 'survey' ? ['survey', 'email'] : [channel]);

/** Whether something still stands against the channel, or what it travels by, that no later consent took back. */
export function isSuppressed(known: Known, channel: string): boolean {
  return travels(channel).some((one) => isStopped(known, one));
}

function isStopped({ touchpoints }: Known, channel: string): boolean {
  return touchpoints.some((stop, place) => {
    const { properties, type } = stop;
    const withdrawn = type === 'action.withdrawn' && stop.source === 'rapport' ? properties.reason : '';
    if (withdrawn === 'erased') return true;
    const concerns = STOPS.includes(type)
      ? channel === 'email'
      : withdrawn === 'suppressedAddress' && stop.channel === channel;
    if (!concerns) return false;
    return type === 'email.marked-as-spam' || !touchpoints.slice(place + 1).some((one) => lifts(one, channel));
  });
}

function lifts({ type, properties }: FoldedTouchpoint, channel: string): boolean {
  if (type === 'web.newsletter.subscribed') return channel === 'email';
  return type === 'consent.given' && (properties.channel === channel || properties.channel === 'any');
}
