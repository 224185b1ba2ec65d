/** Where settings come from, and which source decides. */
import { isAbsolute, resolve } from 'node:path';
import type { ConfigurationFault } from './configuration';
import type { Parsed, Setting } from './parse-value';

/** Flags by the names of the settings in camel case; `config` names the file. Undefined = not given. */
export type Flags = { readonly [name: string]: unknown };
export type Environment = { readonly [name: string]: string | undefined };
/** The text of a file; undefined where there is none. Throws where it cannot be read: a folder with the code EISDIR. */
export type ReadFile = (path: string) => string | undefined;

export interface Sources {
  flags: Flags;
  env: Environment;
  file: ConfigurationFile;
  readFile: ReadFile;
  /** Relative paths count from here. */
  folder: string;
  faults: ConfigurationFault[];
}

export interface ConfigurationFile {
  path: string;
  values: Values;
  /** Its parts that hold settings of their own, by name; empty where absent. */
  parts: { readonly [Part in FilePart]: Values };
}

export const FILE_PARTS = ['smtp', 'limits'] as const;
export type FilePart = (typeof FILE_PARTS)[number];
export type Values = { [name: string]: unknown };

/** The first source that names the setting decides; what it says must be right. Settings in a part of the file have no flags. */
export function pick<T, U>(sources: Sources, setting: Setting<T>, otherwise: U, part?: FilePart): T | U {
  const { flags, env, file, faults } = sources;
  const flag = part === undefined ? flags[setting.key] : undefined;
  if (flag !== undefined) return take(setting.parse(flag), `--${kebab(setting.key)}`, otherwise, faults);
  const variable = env[setting.env];
  if (variable !== undefined && variable !== '') return take(setting.parse(variable), setting.env, otherwise, faults);
  const value = (part === undefined ? file.values : file.parts[part])[setting.key];
  if (value === undefined) return otherwise;
  return take(setting.parse(value), `${file.path}, ${setting.key}`, otherwise, faults);
}

function take<T, U>(parsed: Parsed<T>, where: string, otherwise: U, faults: ConfigurationFault[]): T | U {
  if (parsed.ok) return parsed.value;
  faults.push({ where, problem: parsed.problem, mend: parsed.mend });
  return otherwise;
}

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const absolute = (folder: string, path: string): string => (isAbsolute(path) ? path : resolve(folder, path));

export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isFolder = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EISDIR';
