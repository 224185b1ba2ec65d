import { createHash } from 'node:crypto';
import type { ShareOf } from '../play-core.types';

const UINT32_VALUES = 2 ** 32;

/**
 * Uniform in [0, 1): the first 32 bits of SHA-256 over JSON [customerId, salt, purpose]. Held out is who is below the holdout, so
 * that 10 % are among the 20 %; versions play no part.
 */
export const shareOf: ShareOf = (customerId, salt, purpose) => {
  const hash = createHash('sha256')
    .update(JSON.stringify([customerId, salt, purpose]))
    .digest();
  return hash.readUInt32BE(0) / UINT32_VALUES;
};
