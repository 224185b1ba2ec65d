/**
 * Which partition a customer belongs to: FNV-1a (32 bit) over the UTF-8 bytes of the customer id, modulo the store's partition
 * count. Fixed for ever: another function would scatter a customer's inputs over two streams.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function customerHash(customerId: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < customerId.length; i++) {
    const unit = customerId.charCodeAt(i);
    if (unit > 0x7f) return hashOfBytes(Buffer.from(customerId, 'utf8'));
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return hash >>> 0;
}

function hashOfBytes(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

export function partitionOf(customerId: string, partitions: number): number {
  return customerHash(customerId) % partitions;
}

export function touchpointStream(partition: number): string {
  return `touchpoints-${partition.toString().padStart(2, '0')}`;
}

/** What the names of the streams of decisions begin with. */
export const JOURNEY_PREFIX = 'journey-';

export function journeyStream(partition: number): string {
  return `${JOURNEY_PREFIX}${partition.toString().padStart(2, '0')}`;
}

export function actionStream(partition: number): string {
  return `actions-${partition.toString().padStart(2, '0')}`;
}

/** What the names of Rapport's own streams begin with, those included that are made of others. */
export const OWN_STREAMS = [
  'touchpoints-',
  JOURNEY_PREFIX,
  'actions-',
  'definition-',
  'effects',
  'suppressions',
  'customer-',
  'subscriber-',
];

export type StreamRole = 'touchpoints' | 'journey' | 'actions';

/** The partition of a stream's name and which of the three it is; null for other streams. */
export function streamRole(stream: string): { role: StreamRole; partition: number } | null {
  const match = /^(touchpoints|journey|actions)-(\d+)$/.exec(stream);
  return match ? { role: match[1] as StreamRole, partition: Number(match[2]) } : null;
}
