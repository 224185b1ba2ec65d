import type { UUID } from '@eventstore/db-client/generated/shared_pb';

import { WireMessage } from './wire-message';

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function uuidText(id: Uint8Array): string {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 16 bytes; undefined where the text is no UUID. */
export function uuidBytes(text: string): Buffer | undefined {
  return UUID_TEXT.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

/** 16 bytes of either form of the message; undefined where it holds no UUID. */
export function idOf(uuid: UUID | undefined): Buffer | undefined {
  if (uuid === undefined) return undefined;
  const structured = uuid.getStructured();
  if (structured === undefined) return uuidBytes(uuid.getString());
  const id = Buffer.alloc(16);
  id.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
  id.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
  return id;
}

export type UuidForm = 'text' | 'structured';

export function uuidMessage(id: Uint8Array, form: UuidForm): WireMessage {
  if (form === 'text') return new WireMessage(48).text(2, uuidText(id));
  const bytes = Buffer.from(id.buffer, id.byteOffset, id.byteLength);
  const halves = new WireMessage(32).uint(1, bytes.readBigUInt64BE(0)).uint(2, bytes.readBigUInt64BE(8));
  return new WireMessage(40).message(1, halves);
}
