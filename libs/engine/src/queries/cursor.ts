/** Opaque cursors: where the page ended, and a hash of the question, so that a cursor is not taken for another list's. */
import { createHash } from 'node:crypto';
import { BadQuery } from '../rapport.types';

const HASH_CHARACTERS = 10;
/** A longer one was not made here. */
export const CURSOR_CHARACTERS_MAX = 2_000;

function hashOf(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, HASH_CHARACTERS);
}

export function encodeCursor(question: unknown, key: unknown): string {
  return Buffer.from(JSON.stringify([hashOf(question), key])).toString('base64url');
}

/** The key, checked by `isKey`. Throws BadQuery where the cursor is damaged or belongs to another question. */
export function decodeCursor<Key>(
  question: unknown,
  cursor: string | undefined,
  isKey: (key: unknown) => key is Key,
): Key | undefined {
  if (cursor === undefined) return undefined;
  const parsed = parse(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 2 || !isKey(parsed[1])) {
    throw new BadQuery('cursor', 'this is no cursor of this list: take nextCursor from the page before, unchanged');
  }
  if (parsed[0] !== hashOf(question)) {
    throw new BadQuery(
      'cursor',
      'this cursor belongs to a list with other filters or another order: ask with the same ones, or start without a cursor',
    );
  }
  return parsed[1];
}

function parse(cursor: string): unknown {
  if (cursor.length > CURSOR_CHARACTERS_MAX) return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Whatever it was, it was not made here.
    return null;
  }
}

export function isNumberPair(key: unknown): key is [number, number] {
  return Array.isArray(key) && key.length === 2 && key.every((part) => Number.isSafeInteger(part));
}
