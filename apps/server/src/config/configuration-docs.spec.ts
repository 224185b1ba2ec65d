import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerLimits } from './configuration';
import { DEFAULT_LIMITS } from './limits';
import { LIMIT_SETTINGS, SETTINGS, SMTP_SETTINGS } from './settings';

const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'configuration.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

interface Named {
  key: string;
  env: string;
}

describe('docs/configuration.md', () => {
  it('names every setting with its variable, and no other', () => {
    const settings = [SETTINGS, SMTP_SETTINGS, LIMIT_SETTINGS].flatMap((part) => Object.values<Named>(part));
    expect(rows.map((row) => [row[1], row[2]])).toEqual(settings.map(({ key, env }) => [key, env]));
  });

  it('says the defaults of the limits', () => {
    for (const key of Object.keys(DEFAULT_LIMITS) as (keyof ServerLimits)[]) {
      expect([key, rows.find((row) => row[1] === key)?.[3]]).toEqual([key, String(DEFAULT_LIMITS[key])]);
    }
  });
});
