/** A report of what came back by e-mail: whose it is, and the touchpoint that it is, held to the rules of every touchpoint. */
import { type Touchpoint, validateTouchpoint } from '@rapport/journey';
import type { RapportEngine } from '../rapport.types';
import { actionOfMessageId, inboundEmail, type InboundEmail } from './inbound-email';

/** At least one of `action`, `messageId` and `customerId` says whose it is. */
export interface EmailReport extends Omit<InboundEmail, 'customerId'> {
  customerId?: string;
  /** Message-ID of our message: In-Reply-To of a reply, Original-Message-ID of a report. */
  messageId?: string;
}

export type ReadReport =
  | { ok: true; touchpoint: Touchpoint }
  | { ok: false; because: 'unknownAction' | 'unknownCustomer'; detail: string }
  /** `field` of the report is not as it must be. */
  | { ok: false; because: 'invalid'; field: keyof EmailReport; detail: string };

type Asked = Pick<RapportEngine, 'query'>;

export async function readReport(engine: Asked, report: EmailReport, now: number): Promise<ReadReport> {
  const { messageId, ...rest } = report;
  const action = report.action ?? (messageId === undefined ? undefined : (actionOfMessageId(messageId) ?? undefined));
  const whose = await customerOf(engine, report, action);
  if (!whose.ok) return whose;
  const { customerId } = whose;
  const touchpoint = inboundEmail({ ...rest, customerId, ...(action !== undefined && { action }) });
  const sent = { ...touchpoint, occurredAt: new Date(touchpoint.occurredAt).toISOString() };
  const checked = validateTouchpoint(sent, now);
  if (checked.ok) return { ok: true, touchpoint };
  const field = FIELD_OF[checked.error.pointer.slice(1)] ?? 'reportId';
  return { ok: false, because: 'invalid', field, detail: checked.error.detail };
}

/** The report's word for a field of its touchpoint. */
const FIELD_OF: { readonly [field: string]: keyof EmailReport | undefined } = {
  occurredAt: 'at',
  text: 'text',
  customerId: 'customerId',
};

type Whose = { ok: true; customerId: string } | Exclude<ReadReport, { ok: true }>;

async function customerOf(engine: Asked, report: EmailReport, action: string | undefined): Promise<Whose> {
  if (action !== undefined) return customerOfAction(engine, report, action);
  const { customerId } = report;
  if (customerId === undefined) {
    const field = report.messageId === undefined ? 'action' : 'messageId';
    const detail = report.messageId === undefined ? 'must say whose it is' : 'is of no message of ours';
    return { ok: false, because: 'invalid', field, detail: `${detail}: give action, messageId or customerId` };
  }
  if ((await engine.query({ name: 'customer', params: { customerId } })).found) return { ok: true, customerId };
  const detail = `There is no customer ${JSON.stringify(customerId)}. A touchpoint makes one.`;
  return { ok: false, because: 'unknownCustomer', detail };
}

async function customerOfAction(engine: Asked, report: EmailReport, action: string): Promise<Whose> {
  const known = await engine.query({ name: 'action', params: { action } });
  if (!known.found) {
    const detail = `There is no action ${JSON.stringify(action)} up to position ${known.position}.`;
    return { ok: false, because: 'unknownAction', detail };
  }
  const { customerId } = JSON.parse(known.json) as { customerId: string };
  if (report.customerId === undefined || report.customerId === customerId) return { ok: true, customerId };
  const detail = 'is not the customer to whom this action went; leave it out';
  return { ok: false, because: 'invalid', field: 'customerId', detail };
}
