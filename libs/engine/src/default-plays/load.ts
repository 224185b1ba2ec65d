/** Files of plays in a folder: `guards.yaml`, `teams.yaml`, `plays/*.yaml`, `templates/*.liquid`. The default ones lie beside this file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayFile } from '@rapport/journey';

const HERE = /^(guards|teams)\.ya?ml$/;
const FOLDERS: readonly [string, RegExp][] = [
  ['plays', /\.ya?ml$/],
  ['templates', /\.liquid$/],
];

/** What lies in `folder`, by name; other files are none of it. Throws where the folder cannot be read. */
export function playFilesIn(folder: string): PlayFile[] {
  const names = namesIn(folder, HERE);
  for (const [name, pattern] of FOLDERS) {
    const inner = join(folder, name);
    if (existsSync(inner)) names.push(...namesIn(inner, pattern).map((file) => `${name}/${file}`));
  }
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

function namesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder).filter((name) => pattern.test(name));
}

/** The plays that come with Rapport. They need the stages lead, customer, loyal and advocate. */
export function defaultPlayFiles(): PlayFile[] {
  return playFilesIn(__dirname);
}
