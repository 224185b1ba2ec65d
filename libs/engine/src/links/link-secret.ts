/** The secret of links where the configuration names none: made once, kept beside the log, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINK_SECRET_BYTES_MIN } from './sealed-links';

export const LINK_SECRET_FILE = 'link-secret';

export function linkSecretOf(folder: string): Buffer {
  const file = join(folder, LINK_SECRET_FILE);
  if (!existsSync(file)) writeFileSync(file, randomBytes(LINK_SECRET_BYTES_MIN).toString('base64'), { mode: 0o600 });
  return Buffer.from(readFileSync(file, 'utf8'), 'base64');
}
