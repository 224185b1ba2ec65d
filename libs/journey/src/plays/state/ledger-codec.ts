/** The ledger in bytes. */
import type { PackedReader, PackedWriter } from '../../core/packed-bytes';
import type { Contact, KindCount, LedgerState, OpenAsk, Suppression } from '../ledger.types';
import { DRIVERS } from '../play';
import type { MomentReader, MomentWriter } from './moments';

/** Appending keeps the bytes of what is there. */
const SUPPRESSED_BY: readonly Suppression['reason'][] = ['bounced', 'spam', 'unsubscribed', 'address', 'erased'];
const DRIVERS_OR_NONE = [null, ...DRIVERS];
const NO_OR_YES = [false, true];

export function writeLedger(writer: PackedWriter, moments: MomentWriter, ledger: LedgerState): void {
  moments.write(ledger.newestAt);
  writer.text(ledger.newestId);
  for (const count of countsOf(ledger)) writer.integer(count);
  writer.integer(ledger.kinds.length);
  for (const { kind, asked, answered, declined } of ledger.kinds) {
    writer.text(kind);
    for (const count of [asked, answered, declined]) writer.integer(count);
  }
  writer.integer(ledger.open.length);
  for (const { action, kind, openedAt, reference } of ledger.open) {
    for (const text of [action ?? '', kind, reference]) writer.text(text);
    moments.write(openedAt);
  }
  writer.integer(ledger.contacts.length);
  for (const { at, channel, purpose, ask } of ledger.contacts) {
    moments.write(at);
    writer.text(channel);
    writer.text(purpose);
    writer.byte(ask ? 1 : 0);
  }
  for (const moment of momentsOf(ledger)) moments.write(moment);
  writer.integer(ledger.owed.length);
  for (const { at, touchpointId } of ledger.owed) {
    moments.write(at);
    writer.text(touchpointId);
  }
  writer.byte(ledger.driver === null ? 0 : DRIVERS.indexOf(ledger.driver) + 1);
  writer.integer(ledger.suppressions.length);
  for (const { channel, reason, at } of ledger.suppressions) {
    writer.text(channel);
    writer.byte(SUPPRESSED_BY.indexOf(reason));
    moments.write(at);
  }
}

export function readLedger(reader: PackedReader, moments: MomentReader): LedgerState {
  const [newestAt, newestId] = [moments.read(-Infinity), reader.text()];
  const [asked, answered, declined, unanswered] = fourOf(() => reader.integer());
  const [given, received, owedToBrand] = fourOf(() => reader.integer());
  const kinds = listOf(reader, () => readKind(reader));
  const open = listOf(reader, () => readAsk(reader, moments));
  const contacts = listOf(reader, () => readContact(reader, moments));
  const [firstGiveAt, lastGiveAt, lastThanksAt, badExperienceAt] = fourOf(() => moments.read(-Infinity));
  const [lastInboundAnswerAt, driverAt] = [moments.read(-Infinity), moments.read(-Infinity)];
  const owed = listOf(reader, () => ({ at: moments.read(-Infinity), touchpointId: reader.text() }));
  const driver = reader.choice(DRIVERS_OR_NONE);
  const suppressions = listOf(reader, () => readSuppression(reader, moments));
  return {
    ...{ newestAt, newestId, asked, answered, declined, unanswered, kinds, open, contacts, given, received },
    ...{ firstGiveAt, lastGiveAt, lastThanksAt, owed, owedToBrand, badExperienceAt, lastInboundAnswerAt },
    ...{ driver, driverAt, suppressions },
  };
}

/** The eighth is not used: it keeps both groups of one size. */
function countsOf({ asked, answered, declined, unanswered, given, received, owedToBrand }: LedgerState): number[] {
  return [asked, answered, declined, unanswered, given, received, owedToBrand, 0];
}

function momentsOf(ledger: LedgerState): number[] {
  const { firstGiveAt, lastGiveAt, lastThanksAt, badExperienceAt, lastInboundAnswerAt, driverAt } = ledger;
  return [firstGiveAt, lastGiveAt, lastThanksAt, badExperienceAt, lastInboundAnswerAt, driverAt];
}

function fourOf(read: () => number): [number, number, number, number] {
  return [read(), read(), read(), read()];
}

function readKind(reader: PackedReader): KindCount {
  return {
    kind: reader.text(),
    asked: reader.integer(),
    answered: reader.integer(),
    declined: reader.integer(),
  };
}

function readAsk(reader: PackedReader, moments: MomentReader): OpenAsk {
  const [action, kind, reference] = [reader.text(), reader.text(), reader.text()];
  return { ...(action !== '' && { action }), kind, openedAt: moments.read(-Infinity), reference };
}

function readContact(reader: PackedReader, moments: MomentReader): Contact {
  const at = moments.read(-Infinity);
  return { at, channel: reader.text(), purpose: reader.text(), ask: reader.choice(NO_OR_YES) };
}

function readSuppression(reader: PackedReader, moments: MomentReader): Suppression {
  const channel = reader.text();
  const reason = reader.choice(SUPPRESSED_BY);
  return { channel, reason, at: moments.read(-Infinity) };
}

function listOf<T>(reader: PackedReader, read: () => T): T[] {
  return Array.from({ length: reader.count() }, read);
}
