import { isAbsolute, resolve } from 'node:path';
import type { PlaysSource } from '@rapport/engine';
import { meantOrOneOf } from '@rapport/journey';
import { parse as parseYaml } from 'yaml';
import { ConfigurationRefused } from './configuration';
import type { ConfigurationFault, ServerConfiguration, ServerLimits } from './configuration';
import { DEFAULT_LIMITS } from './limits';
import { LIMIT_SETTINGS, SETTINGS } from './settings';
import type { Parsed, Setting } from './settings';

/** Flags by the names of the settings in camel case; `config` names the file. Undefined = not given. */
export type Flags = { readonly [name: string]: unknown };
export type Environment = { readonly [name: string]: string | undefined };
/** The text of a file; undefined where there is none. May throw where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

export const CONFIG_FILES = ['rapport.config.yaml', 'rapport.config.yml', 'rapport.config.json'] as const;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host);

interface Sources {
  flags: Flags;
  env: Environment;
  file: { path: string; values: { [name: string]: unknown }; limits: { [name: string]: unknown } };
  faults: ConfigurationFault[];
}

/**
 * Flags win over the environment, the environment over the file (RAPPORT_CONFIG, else rapport.config.yaml / .json in
 * `folder`). Throws ConfigurationRefused with every fault at once. Relative paths count from `folder`.
 */
export function readConfiguration(
  flags: Flags,
  env: Environment,
  readFile: ReadFile,
  folder = process.cwd(),
): ServerConfiguration {
  const faults: ConfigurationFault[] = [];
  const sources: Sources = { flags, env, file: readConfigFile(flags, env, readFile, folder, faults), faults };
  const host = pick(sources, SETTINGS.host, '127.0.0.1');
  const allowRemote = pick(sources, SETTINGS.allowRemote, false);
  const definition = pick<string | undefined>(sources, SETTINGS.definition, undefined);
  const plays = pick<string | undefined>(sources, SETTINGS.plays, undefined);
  const configuration: ServerConfiguration = {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: pick(sources, SETTINGS.port, 3000),
    data: absolute(folder, pick(sources, SETTINGS.data, './rapport-data')),
    ...(definition === undefined ? {} : { definition: absolute(folder, definition) }),
    ...(plays === undefined ? {} : { plays: playsSource(folder, plays) }),
    allowedHosts: pick(sources, SETTINGS.allowedHosts, []),
    allowRemote,
    logLevel: pick(sources, SETTINGS.logLevel, 'info'),
    limits: pickLimits(sources),
    warnings: [],
  };
  checkDefinition(configuration.definition, readFile, faults);
  checkTogether(configuration, faults);
  if (faults.length > 0) throw new ConfigurationRefused(faults);
  return configuration;
}

/** A folder that is called like one of the words is written with ./ before it. */
function playsSource(folder: string, plays: string): PlaysSource {
  return plays === 'none' || plays === 'default' ? plays : { folder: absolute(folder, plays) };
}

/** That the file can be read; what it says is judged when the store opens. */
function checkDefinition(path: string | undefined, readFile: ReadFile, faults: ConfigurationFault[]): void {
  if (path === undefined) return;
  const mend = 'Name a readable YAML or JSON file, or leave it out to use the default definition.';
  try {
    if (readFile(path) === undefined)
      faults.push({ where: 'RAPPORT_DEFINITION', problem: `There is no file ${path}.`, mend });
  } catch (error) {
    faults.push({ where: 'RAPPORT_DEFINITION', problem: `${path} cannot be read: ${reason(error)}.`, mend });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Faults that no single setting shows, and what deserves a warning. */
function checkTogether(configuration: ServerConfiguration, faults: ConfigurationFault[]): void {
  if (isLoopback(configuration.host)) return;
  if (configuration.allowRemote) {
    configuration.warnings.push(
      `HOST ${configuration.host} is reachable from other machines and there are no keys yet: ` +
        'everybody who reaches it can read and write everything.',
    );
    return;
  }
  faults.push({
    where: 'HOST',
    problem: `"${configuration.host}" is reachable from other machines, and there are no keys yet.`,
    mend: 'Use 127.0.0.1, or say --allow-remote (RAPPORT_ALLOW_REMOTE=true) where the network itself is closed.',
  });
}

function pickLimits(sources: Sources): ServerLimits {
  const limits: ServerLimits = { ...DEFAULT_LIMITS };
  for (const key of Object.keys(LIMIT_SETTINGS) as (keyof ServerLimits)[]) {
    limits[key] = pick(sources, LIMIT_SETTINGS[key], DEFAULT_LIMITS[key], sources.file.limits);
  }
  return limits;
}

/** The first source that names the setting decides; what it says must be right. */
function pick<T>(sources: Sources, setting: Setting<T>, otherwise: T, inFile = sources.file.values): T {
  const { flags, env, file, faults } = sources;
  const flag = flags[setting.key];
  if (flag !== undefined) return take(setting.parse(flag), `--${kebab(setting.key)}`, otherwise, faults);
  const variable = env[setting.env];
  if (variable !== undefined && variable !== '') return take(setting.parse(variable), setting.env, otherwise, faults);
  const value = inFile[setting.key];
  if (value === undefined) return otherwise;
  return take(setting.parse(value), `${file.path}, ${setting.key}`, otherwise, faults);
}

function take<T>(parsed: Parsed<T>, where: string, otherwise: T, faults: ConfigurationFault[]): T {
  if (parsed.ok) return parsed.value;
  faults.push({ where, problem: parsed.problem, mend: parsed.mend });
  return otherwise;
}

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const absolute = (folder: string, path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
const isRecord = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readConfigFile(
  flags: Flags,
  env: Environment,
  readFile: ReadFile,
  folder: string,
  faults: ConfigurationFault[],
): Sources['file'] {
  const nothing = { path: '', values: {}, limits: {} };
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
    const limits = checkKeys(path, values, faults);
    return { path: name, values, limits };
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

/** Reports unknown keys; returns the part that holds the limits. */
function checkKeys(
  path: string,
  values: { [name: string]: unknown },
  faults: ConfigurationFault[],
): { [name: string]: unknown } {
  const known = [...Object.values(SETTINGS).map((setting) => setting.key as string), 'limits'];
  reportUnknown(path, values, known, faults);
  const limits = values['limits'];
  if (limits === undefined || limits === null) return {};
  if (!isRecord(limits)) {
    faults.push({
      where: `${path}, limits`,
      problem: 'It is no mapping.',
      mend: 'Write for example `bodyBytesMax: 1048576` below it.',
    });
    return {};
  }
  reportUnknown(`${path}, limits`, limits, Object.keys(LIMIT_SETTINGS), faults);
  return limits;
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
