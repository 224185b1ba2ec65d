/**
 * Links in messages: who, which action, what for, until when, sealed under the server's secret (AES-256-GCM), so that nobody can
 * make or change one and none gives away a customer's id. They only say who asks; what they do is a POST's business.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface LinkClaims {
  kind: 'unsubscribe' | 'answer';
  customerId: string;
  action: string;
  play: string;
  purpose: string;
  channel: string;
  /** Kind of the ask; '' for others. */
  what: string;
  /** ms. */
  expires: number;
}

/** A survey's page shows it: rendered once, with the message. */
export interface AnswerClaims extends LinkClaims {
  kind: 'answer';
  question: string;
  choices: string[];
}

export type AnyClaims = (LinkClaims & { kind: 'unsubscribe' }) | AnswerClaims;

export type Opened = { ok: true; claims: AnyClaims } | { ok: false; because: 'unreadable' | 'expired' };

const DAY_MS = 86_400_000;
/** An unsubscription must work for long after the message; an answer is of no use that late. */
export const UNSUBSCRIBE_VALID_MS = 365 * DAY_MS;
export const ANSWER_VALID_MS = 60 * DAY_MS;
export const LINK_PATH = '/l/';
/** Of a token: a survey's question and choices in any script fit. What is longer is not even decoded. */
export const TOKEN_CHARACTERS_MAX = 6_144;
export const LINK_SECRET_BYTES_MIN = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

export class SealedLinks {
  private readonly keys: Buffer[];

  /**
   * @param publicUrl origin that messages point to, without a slash at the end
   * @param secrets the first one seals, all of them open (rotation)
   */
  constructor(
    private readonly publicUrl: string,
    secrets: readonly (string | Uint8Array)[],
  ) {
    if (secrets.length === 0) throw new Error('links need a secret');
    this.keys = secrets.map((secret) => {
      const bytes = Buffer.from(secret as Uint8Array);
      if (bytes.length < LINK_SECRET_BYTES_MIN)
        throw new Error(`the secret of links is too short: ${LINK_SECRET_BYTES_MIN} random bytes or more are needed`);
      return Buffer.from(hkdfSync('sha256', bytes, '', 'rapport links 1', KEY_BYTES));
    });
  }

  link(claims: AnyClaims): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keys[0]!, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(claims), 'utf8'), cipher.final()]);
    const token = Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
    return this.publicUrl + LINK_PATH + token;
  }

  open(token: string, now: number): Opened {
    const bytes = token.length > TOKEN_CHARACTERS_MAX ? Buffer.alloc(0) : Buffer.from(token, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return { ok: false, because: 'unreadable' };
    for (const key of this.keys) {
      const text = unsealed(key, bytes);
      if (text === null) continue;
      const claims = JSON.parse(text) as AnyClaims;
      return claims.expires < now ? { ok: false, because: 'expired' } : { ok: true, claims };
    }
    return { ok: false, because: 'unreadable' };
  }
}

function unsealed(key: Buffer, bytes: Buffer): string | null {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    cipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = cipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, cipher.final()]).toString('utf8');
  } catch {
    // Sealed under another key, or tampered with: which of the two is nobody's business.
    return null;
  }
}
