/** What mail servers and people send back, as the touchpoint that it is: it feeds suppression and the ledger like any other. */
import { ACTION_ID_CHARACTERS, type Touchpoint } from '@rapport/journey';

export const INBOUND_EMAIL_KINDS = ['bounce', 'complaint', 'reply', 'unsubscribe'] as const;
export type InboundEmailKind = (typeof INBOUND_EMAIL_KINDS)[number];

export interface InboundEmail {
  kind: InboundEmailKind;
  customerId: string;
  /** Of the message that it is about, where it is known. */
  action?: string;
  /** Names the report: sent again it counts once. */
  reportId: string;
  at: number;
  /** Of a reply; personal. */
  text?: string;
}

const TYPE_OF: Readonly<Record<InboundEmailKind, string>> = {
  bounce: 'email.bounced',
  complaint: 'email.marked-as-spam',
  reply: 'email.replied',
  unsubscribe: 'email.unsubscribed',
};
const ACTION_OF_MESSAGE = new RegExp(`^<?([0-9a-f]{${ACTION_ID_CHARACTERS}})@`);

/** The action whose message has this Message-ID (In-Reply-To of a reply, Original-Message-ID of a report); null = it is none of ours. */
export function actionOfMessageId(messageId: string): string | null {
  return ACTION_OF_MESSAGE.exec(messageId.trim())?.[1] ?? null;
}

export function inboundEmail({ kind, customerId, action, reportId, at, text }: InboundEmail): Touchpoint {
  return {
    ...{ touchpointId: `email-${kind}-${reportId}`, customerId, type: TYPE_OF[kind], channel: 'email' },
    direction: kind === 'bounce' ? 'outbound' : 'inbound',
    ...{ occurredAt: at, source: 'rapport-inbound', history: false },
    // The action is the campaign that an answer names: it closes that very ask.
    properties: action === undefined ? {} : { action, campaignId: action },
    ...(text !== undefined && kind === 'reply' && { text }),
  };
}
