/** Channels on which nothing may be sent to this customer. */
import type { LedgerState, Suppression } from '../ledger.types';
import { ANY_CHANNEL } from '../guards/profile-facts';
import { carrierOf } from '../language/channel-names';
import type { ChannelName } from '../play';
import { SUPPRESSIONS_KEPT } from '../play-limits';

export const EVERY_CHANNEL = '*';

export function suppress(ledger: LedgerState, suppression: Suppression): void {
  const others = ledger.suppressions.filter((one) => !isSame(one, suppression));
  ledger.suppressions = [...others, suppression].slice(-SUPPRESSIONS_KEPT);
}

/**
 * A new consent speaks for a new will and, perhaps, a new address; the dispatcher knows the dead ones and asks again at send
 * time. Who called a message spam has said it for good, and who is erased is gone.
 */
export function lift(ledger: LedgerState, channel: ChannelName): void {
  const left = ledger.suppressions.filter((one) => !isLifted(one, channel));
  if (left.length < ledger.suppressions.length) ledger.suppressions = left;
}

/** On the channel, or on what carries it. */
export function suppressionOn(ledger: LedgerState, channel: ChannelName): Suppression | undefined {
  const carrier = carrierOf(channel);
  return ledger.suppressions.find(
    (one) => one.channel === channel || one.channel === carrier || one.channel === EVERY_CHANNEL,
  );
}

function isSame(a: Suppression, b: Suppression): boolean {
  return a.channel === b.channel && a.reason === b.reason;
}

function isLifted(suppression: Suppression, channel: ChannelName): boolean {
  if (suppression.reason === 'spam' || suppression.reason === 'erased') return false;
  return channel === ANY_CHANNEL || suppression.channel === channel;
}
