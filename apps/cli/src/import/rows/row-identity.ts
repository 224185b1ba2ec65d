/**
 * Ids for rows that carry none: a hash of what the row says, and its ordinal among equal rows. The same file gives the same
 * ids each time, whatever comes before or after the equal rows.
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '@rapport/journey';
import type { Row } from './row';

export const ROW_ID_PREFIX = 'r-';
const ID_HEX_DIGITS = 32;
/** Hexadecimal digits of 32 bits. */
const WORD_DIGITS = 8;
/** What separates cells in the hash; no CSV line holds it by accident. */
const CELL_SEPARATOR = '\u001f';

export class RowIdentity {
  private readonly ordinals = new OrdinalTable();

  /** @param mappingName so that rows of two files which look alike are two rows */
  constructor(private readonly mappingName: string) {}

  /** Call once for each row without an id, in file order. The second of equal rows ends with `-2`. */
  id(row: Row): string {
    const content =
      row.object === undefined ? (row.cells as readonly string[]).join(CELL_SEPARATOR) : canonicalJson(row.object);
    const hex = hash('sha256', this.mappingName + CELL_SEPARATOR + content);
    // Other bits than those of the id: rows that would share an id by accident still count apart.
    const ordinal = this.ordinals.next(word(hex, ID_HEX_DIGITS), word(hex, ID_HEX_DIGITS + WORD_DIGITS));
    const id = ROW_ID_PREFIX + hex.slice(0, ID_HEX_DIGITS);
    return ordinal === 1 ? id : `${id}-${ordinal}`;
  }
}

const word = (hex: string, at: number): number => parseInt(hex.slice(at, at + WORD_DIGITS), 16);

const FIRST_SLOTS = 1024;
const WORDS = 3;
/** 12 bytes for each different row: a file of 100 million takes 2.4 GB and must be cut before it is imported. */
export const ROWS_WITHOUT_ID_MAX = 100_000_000;

/** Counts how often a 64-bit key has come: an open table of numbers, because a Map of a million strings takes 100 MB. */
export class OrdinalTable {
  private slots = FIRST_SLOTS;
  private words = new Uint32Array(FIRST_SLOTS * WORDS);
  private used = 0;

  /** 1 for a key's first time, 2 for its second. */
  next(low: number, high: number): number {
    if (this.used * 2 >= this.slots) this.grow();
    const at = this.slot(low, high);
    if (this.words[at + 2] === 0) this.used++;
    this.words[at] = low;
    this.words[at + 1] = high;
    const count = (this.words[at + 2] ?? 0) + 1;
    this.words[at + 2] = count;
    return count;
  }

  private slot(low: number, high: number): number {
    const mask = this.slots - 1;
    for (let i = low & mask; ; i = (i + 1) & mask) {
      const at = i * WORDS;
      if (this.words[at + 2] === 0 || (this.words[at] === low && this.words[at + 1] === high)) return at;
    }
  }

  private grow(): void {
    if (this.used >= ROWS_WITHOUT_ID_MAX) {
      throw new Error(
        `more than ${ROWS_WITHOUT_ID_MAX} different rows without an id: cut the file, or map touchpointId`,
      );
    }
    const old = this.words;
    this.slots *= 2;
    this.words = new Uint32Array(this.slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] !== 0) this.words.set(old.subarray(at, at + WORDS), this.slot(old[at] ?? 0, old[at + 1] ?? 0));
    }
  }
}
