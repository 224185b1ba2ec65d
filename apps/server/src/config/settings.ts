/** The settings: one table that says what each is called as a flag, in the environment and in the file, and how it is read. */
import { LOG_LEVELS } from './configuration';
import type { ServerLimits } from './configuration';

export type Raw = string | number | boolean | readonly string[];
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string; mend: string };

/** `key` is the name of the flag (camel case in code, kebab case on the command line) and of the key in the file. */
export interface Setting<T> {
  key: string;
  env: string;
  parse(raw: unknown): Parsed<T>;
}

const fail = (problem: string, mend: string): Parsed<never> => ({ ok: false, problem, mend });

const shown = (raw: unknown): string => {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** Whole numbers from `least` to `most`; a string must hold digits only. */
export function wholeNumber(least: number, most: number): (raw: unknown) => Parsed<number> {
  return (raw) => {
    const value = typeof raw === 'string' && /^\d{1,15}$/.test(raw) ? Number(raw) : raw;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) {
      return { ok: true, value };
    }
    return fail(`"${shown(raw)}" is no whole number from ${least} to ${most}.`, `Give one, for example ${least}.`);
  };
}

function text(example: string): (raw: unknown) => Parsed<string> {
  return (raw) =>
    typeof raw === 'string' && raw.trim() !== '' && !raw.includes('\0')
      ? { ok: true, value: raw.trim() }
      : fail(`${shown(raw)} is no text.`, `Give one, for example ${example}.`);
}

function flag(raw: unknown): Parsed<boolean> {
  if (typeof raw === 'boolean') return { ok: true, value: raw };
  if (raw === 'true' || raw === '1' || raw === 'yes') return { ok: true, value: true };
  if (raw === 'false' || raw === '0' || raw === 'no') return { ok: true, value: false };
  return fail(`"${shown(raw)}" is neither true nor false.`, 'Write true or false.');
}

function oneOf<T extends string>(values: readonly T[]): (raw: unknown) => Parsed<T> {
  return (raw) => {
    const value = values.find((candidate) => candidate === raw);
    return value !== undefined
      ? { ok: true, value }
      : fail(`"${shown(raw)}" is not known.`, `Write one of ${values.join(', ')}.`);
  };
}

const HOST_NAME = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]{0,252}))(:\d{1,5})?$/i;

function hostNames(raw: unknown): Parsed<string[]> {
  const names = typeof raw === 'string' ? raw.split(',') : raw;
  if (!Array.isArray(names)) return fail(`${shown(raw)} is no list.`, 'Write names with commas between them.');
  const trimmed: string[] = [];
  for (const name of names as unknown[]) {
    if (typeof name !== 'string') return fail(`${shown(name)} is no host name.`, 'Write for example rapport.internal.');
    if (name.trim() !== '') trimmed.push(name.trim().toLowerCase());
  }
  const bad = trimmed.find((name) => !HOST_NAME.test(name));
  if (bad !== undefined) {
    return fail(
      `"${shown(bad)}" is no host name.`,
      'Write a name with or without a port, for example rapport.internal:3000.',
    );
  }
  return { ok: true, value: trimmed };
}

export const SETTINGS = {
  port: { key: 'port', env: 'PORT', parse: wholeNumber(0, 65_535) },
  host: { key: 'host', env: 'HOST', parse: text('127.0.0.1') },
  data: { key: 'data', env: 'RAPPORT_DATA', parse: text('./rapport-data') },
  definition: { key: 'definition', env: 'RAPPORT_DEFINITION', parse: text('./definition.yaml') },
  plays: { key: 'plays', env: 'RAPPORT_PLAYS', parse: text('default') },
  allowedHosts: { key: 'allowedHosts', env: 'RAPPORT_ALLOWED_HOSTS', parse: hostNames },
  allowRemote: { key: 'allowRemote', env: 'RAPPORT_ALLOW_REMOTE', parse: flag },
  logLevel: { key: 'logLevel', env: 'LOG_LEVEL', parse: oneOf(LOG_LEVELS) },
} as const;

const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_MS = 3_600_000;

export const LIMIT_SETTINGS: { [K in keyof ServerLimits]: Setting<number> } = {
  bodyBytesMax: limit('bodyBytesMax', 1_024, MOST_BYTES),
  requestsInFlightMax: limit('requestsInFlightMax', 1, 1_000_000),
  bodyBytesInFlightMax: limit('bodyBytesInFlightMax', 1_024, 16 * MOST_BYTES),
  connectionsMax: limit('connectionsMax', 1, 1_000_000),
  sseClientsMax: limit('sseClientsMax', 0, 1_000_000),
  sseBufferBytesMax: limit('sseBufferBytesMax', 1_024, MOST_BYTES),
  headersTimeoutMs: limit('headersTimeoutMs', 10, MOST_MS),
  requestTimeoutMs: limit('requestTimeoutMs', 10, MOST_MS),
  shutdownGraceMs: limit('shutdownGraceMs', 0, MOST_MS),
};

function limit(key: keyof ServerLimits, least: number, most: number): Setting<number> {
  const env = `RAPPORT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return { key, env, parse: wholeNumber(least, most) };
}
