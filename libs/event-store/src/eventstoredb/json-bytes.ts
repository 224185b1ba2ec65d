import { isUtf8 } from 'node:buffer';

/**
 * The client takes JSON as a value, writes it with JSON.stringify, and gives it back as a value. Bytes survive that only if they are what JSON.stringify would
 * write; whatever else (blanks, 1.0, numbers beyond 2^53, repeated keys, no JSON at all) goes as bytes.
 */
export interface StableJson {
  text: string;
  value: unknown;
}

/** The JSON that these bytes are, if it comes out the same again; else undefined. */
export function stableJson(bytes: Buffer): StableJson | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  const value = parsed(text);
  return value !== undefined && JSON.stringify(value) === text ? { text, value } : undefined;
}

const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Cheap: whether it is worth trying to read these bytes as a JSON object. */
export function mayBeObject(bytes: Buffer): boolean {
  return bytes[0] === BRACE && bytes[bytes.length - 1] === CLOSING_BRACE;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
