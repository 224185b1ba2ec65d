/** The secret of links where the configuration names none: made once, kept beside the log, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINK_SECRET_BYTES_MIN, SealedLinks } from './sealed-links';

export const LINK_SECRET_FILE = 'link-secret';

export interface LinkSettings {
  /** Origin that links in messages point to, without a slash at the end. */
  publicUrl: string;
  /** First one seals, all of them open; empty = the store's own, made when it is first needed. */
  linkSecrets: readonly string[];
}

/** Whoever makes links and whoever opens them ask here. The store's own secret goes on opening where others are configured later. */
export function sealedLinksOf(folder: string, { publicUrl, linkSecrets }: LinkSettings): SealedLinks {
  const own = linkSecrets.length === 0 || existsSync(join(folder, LINK_SECRET_FILE)) ? [linkSecretOf(folder)] : [];
  return new SealedLinks(publicUrl, [...linkSecrets, ...own]);
}

function linkSecretOf(folder: string): Buffer {
  const file = join(folder, LINK_SECRET_FILE);
  if (!existsSync(file)) makeSecret(file);
  return Buffer.from(readFileSync(file, 'utf8'), 'base64');
}

/** Two threads may need it at the same moment: the file is there whole or not at all, and the first one stays. */
function makeSecret(file: string): void {
  const text = randomBytes(LINK_SECRET_BYTES_MIN).toString('base64');
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text, { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}
