/** The configuration file: found, read, and its names checked. */
import { meantOrOneOf } from '@rapport/journey';
import { parse as parseYaml } from 'yaml';
import type { ConfigurationFault } from './configuration';
import { isRecord } from './parse-value';
import { LIMIT_SETTINGS, SETTINGS, SMTP_SETTINGS } from './settings';
import {
  absolute,
  type ConfigurationFile,
  type Environment,
  FILE_PARTS,
  type FilePart,
  type Flags,
  type ReadFile,
  reason,
  type Values,
} from './sources';

export const CONFIG_FILES = ['rapport.config.yaml', 'rapport.config.yml', 'rapport.config.json'] as const;

export function readConfigFile(
  flags: Flags,
  env: Environment,
  readFile: ReadFile,
  folder: string,
  faults: ConfigurationFault[],
): ConfigurationFile {
  const nothing = { path: '', values: {}, parts: { smtp: {}, limits: {} } };
  const named = flags['config'] ?? (env['RAPPORT_CONFIG'] || undefined);
  if (named !== undefined && typeof named !== 'string') {
    faults.push({
      where: '--config',
      problem: 'It is no text.',
      mend: 'Name a file, for example ./rapport.config.yaml.',
    });
    return nothing;
  }
  for (const name of named === undefined ? CONFIG_FILES : [named]) {
    const path = absolute(folder, name);
    const values = parseFile(path, readFile, faults);
    if (values === undefined) continue;
    return { path: name, values, parts: checkKeys(path, values, faults) };
  }
  if (named !== undefined && faults.length === 0) {
    faults.push({ where: named, problem: 'There is no such file.', mend: 'Name an existing one, or leave it out.' });
  }
  return nothing;
}

function parseFile(
  path: string,
  readFile: ReadFile,
  faults: ConfigurationFault[],
): { [name: string]: unknown } | undefined {
  try {
    const text = readFile(path);
    if (text === undefined) return undefined;
    const value: unknown = path.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
    if (value === null || value === undefined) return {};
    if (isRecord(value)) return value;
    faults.push({
      where: path,
      problem: 'It holds no mapping of names to values.',
      mend: 'Write for example `port: 3000`.',
    });
  } catch (error) {
    faults.push({
      where: path,
      problem: `It cannot be read: ${reason(error)}.`,
      mend: 'Mend the file, or leave it out.',
    });
  }
  return undefined;
}

/** Reports unknown keys; returns the parts. */
function checkKeys(path: string, values: Values, faults: ConfigurationFault[]): ConfigurationFile['parts'] {
  const known = [...Object.values(SETTINGS).map((setting) => setting.key as string), ...FILE_PARTS];
  reportUnknown(path, values, known, faults);
  const part = (name: FilePart): Values => partOf(path, name, values[name], faults);
  return { smtp: part('smtp'), limits: part('limits') };
}

const KEYS_OF: { readonly [Part in FilePart]: readonly string[] } = {
  smtp: Object.keys(SMTP_SETTINGS),
  limits: Object.keys(LIMIT_SETTINGS),
};
const EXAMPLE_OF: { readonly [Part in FilePart]: string } = {
  smtp: 'host: smtp.brand.example',
  limits: 'bodyBytesMax: 1048576',
};

function partOf(path: string, name: FilePart, values: unknown, faults: ConfigurationFault[]): Values {
  if (values === undefined || values === null) return {};
  const where = `${path}, ${name}`;
  if (!isRecord(values)) {
    faults.push({ where, problem: 'It is no mapping.', mend: `Write for example \`${EXAMPLE_OF[name]}\` below it.` });
    return {};
  }
  reportUnknown(where, values, KEYS_OF[name], faults);
  return values;
}

function reportUnknown(where: string, values: object, known: readonly string[], faults: ConfigurationFault[]): void {
  for (const key of Object.keys(values).filter((name) => !known.includes(name))) {
    faults.push({
      where: `${where}, ${key}`,
      problem: 'There is no such setting.',
      mend: `${meantOrOneOf(key, known)}`,
    });
  }
}
