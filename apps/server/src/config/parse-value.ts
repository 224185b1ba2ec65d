/** How the value of a setting is read, whether it comes from a flag, the environment or a file. */
import { parse as parseYaml } from 'yaml';

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string; mend: string };

/** `key` is the name of the flag (camel case in code, kebab case on the command line) and of the key in the file. */
export interface Setting<T> {
  key: string;
  env: string;
  parse(raw: unknown): Parsed<T>;
}

export const fail = (problem: string, mend: string): Parsed<never> => ({ ok: false, problem, mend });

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

export function text(example: string): (raw: unknown) => Parsed<string> {
  return (raw) =>
    typeof raw === 'string' && raw.trim() !== '' && !raw.includes('\0')
      ? { ok: true, value: raw.trim() }
      : fail(`${shown(raw)} is no text.`, `Give one, for example ${example}.`);
}

export function flag(raw: unknown): Parsed<boolean> {
  if (typeof raw === 'boolean') return { ok: true, value: raw };
  if (raw === 'true' || raw === '1' || raw === 'yes') return { ok: true, value: true };
  if (raw === 'false' || raw === '0' || raw === 'no') return { ok: true, value: false };
  return fail(`"${shown(raw)}" is neither true nor false.`, 'Write true or false.');
}

export function oneOf<T extends string>(values: readonly T[]): (raw: unknown) => Parsed<T> {
  return (raw) => {
    const value = values.find((candidate) => candidate === raw);
    return value !== undefined
      ? { ok: true, value }
      : fail(`"${shown(raw)}" is not known.`, `Write one of ${values.join(', ')}.`);
  };
}

const HOST_NAME = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]{0,252}))(:\d{1,5})?$/i;

export function hostNames(raw: unknown): Parsed<string[]> {
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

/** A list of texts, or one text with commas between them. What they say is judged by whoever uses them. */
export function texts(example: string): (raw: unknown) => Parsed<string[]> {
  return (raw) => {
    const list: unknown = typeof raw === 'string' ? raw.split(',') : raw;
    const all = Array.isArray(list) ? (list as unknown[]) : [null];
    if (!all.every((one): one is string => typeof one === 'string'))
      return fail('It is no list of texts.', `Write for example ${example}.`);
    return { ok: true, value: all.map((one) => one.trim()).filter((one) => one !== '') };
  };
}

/** A text that no message may show. */
export function secret(raw: unknown): Parsed<string> {
  if (typeof raw === 'string' && raw !== '' && !/[\0\r\n]/.test(raw)) return { ok: true, value: raw };
  return fail('It is no text of one line.', 'Put it in quotes, so that it is read as a text.');
}

/** Names to whatever they stand for; a text (the environment has nothing else) is read as JSON or YAML. */
export function mapping(example: string): (raw: unknown) => Parsed<{ [name: string]: unknown }> {
  return (raw) => {
    const value = typeof raw === 'string' ? parsedYaml(raw) : raw;
    return isRecord(value) ? { ok: true, value } : fail('It is no mapping of names.', `Write for example ${example}.`);
  };
}

export const isRecord = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsedYaml(text: string): unknown {
  try {
    return parseYaml(text) as unknown;
  } catch {
    // What is wrong with it may stand beside a secret: it is only said that it is no mapping.
    return undefined;
  }
}
