/** Asks: opened, answered, declined, let go. Open asks stand newest first. */
import type { KindCount, LedgerRules, LedgerState, OpenAsk } from '../ledger.types';
import { ASK_KINDS_KEPT, OPEN_ASKS_KEPT } from '../play-limits';
import { ANY_KIND } from './ledger-role';

/** Kinds beyond ASK_KINDS_KEPT are counted together. */
export const OTHER_KIND = 'other';

/** Names in properties by which an answer says which ask it answers, the first that is there. */
const REFERENCES = ['campaignId', 'offerId', 'surveyId', 'referralId', 'eventId', 'storyId'] as const;

export function referenceOf(properties: { [name: string]: unknown }): string {
  for (const name of REFERENCES) {
    const value = properties[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

export function openAsk(ledger: LedgerState, ask: OpenAsk): void {
  ledger.asked += 1;
  countOf(ledger, ask.kind).asked += 1;
  ledger.open.unshift(ask);
  // Who is asked more often than that has let the oldest go.
  if (ledger.open.length > OPEN_ASKS_KEPT) {
    ledger.open.pop();
    ledger.unanswered += 1;
  }
}

/** Asks are open up to and with `answerWithin` after they were opened. */
export function isAskOpen(ask: OpenAsk, rules: Pick<LedgerRules, 'asks'>, at: number): boolean {
  return ask.openedAt + rules.asks.answerWithin >= at;
}

export function letGo(ledger: LedgerState, rules: LedgerRules, at: number): void {
  const { open: all } = ledger;
  // Newest first: where the last is still open, all are.
  if (all.length === 0 || isAskOpen(all[all.length - 1]!, rules, at)) return;
  const open = ledger.open.filter((ask) => isAskOpen(ask, rules, at));
  ledger.unanswered += ledger.open.length - open.length;
  if (open.length < ledger.open.length) ledger.open = open;
}

/** Closes the ask that the answer is for; none = nothing was asked. */
export function closeAsk(
  ledger: LedgerState,
  answer: { kind: string; action: string; reference: string },
  as: 'answered' | 'declined',
): void {
  const place = askFor(ledger.open, answer);
  const ask = ledger.open[place];
  if (ask === undefined) return;
  ledger.open.splice(place, 1);
  ledger[as] += 1;
  countOf(ledger, ask.kind)[as] += 1;
}

/**
 * The ask of the action it names; else the newest of its kind with the reference it names; else the newest of its kind, but
 * never one that names something else: a second coupon of one mailing answers no other mailing.
 */
function askFor(open: readonly OpenAsk[], answer: { kind: string; action: string; reference: string }): number {
  if (answer.action !== '') {
    const place = open.findIndex((ask) => ask.action === answer.action);
    if (place >= 0) return place;
  }
  const ofKind = (ask: OpenAsk): boolean => answer.kind === ANY_KIND || ask.kind === answer.kind;
  if (answer.reference === '') return open.findIndex(ofKind);
  const named = open.findIndex((ask) => ofKind(ask) && ask.reference === answer.reference);
  return named >= 0 ? named : open.findIndex((ask) => ofKind(ask) && ask.reference === '');
}

function countOf(ledger: LedgerState, kind: string): KindCount {
  const known = ledger.kinds.find((one) => one.kind === kind);
  if (known !== undefined) return known;
  if (ledger.kinds.length >= ASK_KINDS_KEPT && kind !== OTHER_KIND) return countOf(ledger, OTHER_KIND);
  const count: KindCount = { kind, asked: 0, answered: 0, declined: 0 };
  ledger.kinds.push(count);
  return count;
}

/** Where asks of `kind` are counted. */
export function countedKind(ledger: LedgerState, kind: string): KindCount | undefined {
  return ledger.kinds.find((one) => one.kind === kind) ?? ledger.kinds.find((one) => one.kind === OTHER_KIND);
}
