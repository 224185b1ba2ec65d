/** Events of `actions-<pp>` as the log takes them. */
import { hash } from 'node:crypto';
import type { NewEvent } from '@rapport/event-store';
import { ACTION_EVENT, type RenderedMessage } from './action-events';

const EVENT_ID_BYTES = 16;
const ACTION_SCHEMA_VERSION = 1;

type ActionEventType = (typeof ACTION_EVENT)[keyof typeof ACTION_EVENT];

/** The id is derived from what it says: written again it is the same event. `message` is the personal part. */
export function actionEvent(
  type: ActionEventType,
  at: number,
  customerId: string | undefined,
  data: object,
  message?: RenderedMessage,
): NewEvent {
  const text = JSON.stringify(data);
  return {
    id: actionEventId(`${type}|${customerId ?? ''}|${text}`),
    type,
    schemaVersion: ACTION_SCHEMA_VERSION,
    occurredAt: at,
    data: Buffer.from(text),
    ...(customerId !== undefined && { subject: customerId }),
    ...(message && { personal: Buffer.from(JSON.stringify(message)) }),
  };
}

export function actionEventId(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, EVENT_ID_BYTES);
}
