/** The signature of Standard Webhooks 1.0.0: HMAC-SHA256 of id, moment and body, one for each secret in force (rotation). */
import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;

/** Throws where it is no secret of this standard. The text of the secret is never part of the message. */
export function secretKey(secret: string, destination: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  const key = Buffer.from(text, 'base64');
  if (key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '') || !isLength(key.length)) {
    throw new Error(
      `the secret of the webhook destination '${destination}' is none: it must be ${SECRET_PREFIX} and ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} random bytes in base64. ` +
        `Make one with: echo ${SECRET_PREFIX}$(openssl rand -base64 32)`,
    );
  }
  return key;
}

function isLength(bytes: number): boolean {
  return bytes >= SECRET_BYTES_MIN && bytes <= SECRET_BYTES_MAX;
}

/** @param at ms; of this attempt, so that a receiver can refuse what is old */
export function signedHeaders(
  id: string,
  at: number,
  body: string,
  keys: readonly Buffer[],
): { [name: string]: string } {
  const seconds = Math.floor(at / 1_000);
  const signature = (key: Buffer): string =>
    `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': keys.map(signature).join(' '),
  };
}
