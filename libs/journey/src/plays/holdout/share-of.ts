import { hash } from 'node:crypto';
import type { ShareOf } from '../play-core.types';

const UINT32_VALUES = 2 ** 32;
/** Of 32 bits. */
const HEX_DIGITS = 8;

/**
 * Uniform in [0, 1): the first 32 bits of SHA-256 over JSON [customerId, salt, purpose]. Held out is who is below the holdout, so
 * that 10 % are among the 20 %; versions play no part.
 */
export const shareOf: ShareOf = (customerId, salt, purpose) => {
  const digest = hash('sha256', JSON.stringify([customerId, salt, purpose]));
  return Number.parseInt(digest.slice(0, HEX_DIGITS), 16) / UINT32_VALUES;
};
