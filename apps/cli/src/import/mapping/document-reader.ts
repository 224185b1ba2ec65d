/** Reads a parsed YAML document member by member and gathers every fault instead of stopping at the first. */
import { meantOrOneOf, type Fault } from '@rapport/journey';

export type Members = { readonly [name: string]: unknown };

/** A mapping that cannot be used, with every fault. */
export class MappingRefused extends Error {
  constructor(
    readonly file: string,
    readonly faults: Fault[],
  ) {
    super(
      `${file}: ${faults.length} fault${faults.length === 1 ? '' : 's'} in the mapping\n` +
        faults.map((fault) => `  ${fault.path || '/'}: ${fault.problem}. ${fault.mend}`).join('\n'),
    );
    this.name = 'MappingRefused';
  }
}

export class DocumentReader {
  readonly faults: Fault[] = [];

  fault(path: string, problem: string, mend: string): undefined {
    this.faults.push({ path, problem, mend });
    return undefined;
  }

  /** The value as an object; names that are not `known` are faults. */
  members(path: string, value: unknown, known?: readonly string[]): Members | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fault(path, 'is no object', 'Write names and values below it');
    }
    for (const name of known === undefined ? [] : Object.keys(value)) {
      if (!known?.includes(name)) {
        this.fault(`${path}/${name}`, 'is not known here', meantOrOneOf(name, known ?? []));
      }
    }
    return value as Members;
  }

  text(path: string, value: unknown): string | undefined {
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return this.fault(path, 'is a number, not a text', `Write it in quotes: '${value}'`);
    return this.fault(path, value === undefined ? 'is missing' : 'is no text', 'Write a text that is not empty');
  }

  optionalText(path: string, value: unknown): string | undefined {
    return value === undefined ? undefined : this.text(path, value);
  }

  flag(path: string, value: unknown): boolean {
    if (value === undefined || value === false) return false;
    if (value !== true) this.fault(path, 'is neither true nor false', 'Write true or false');
    return true;
  }

  number(path: string, value: unknown): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.fault(path, 'is no number', 'Write a number without quotes');
  }

  /** A whole number of at least 1. */
  place(path: string, value: unknown): number | undefined {
    if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
    return this.fault(path, 'is no place in a line', 'Count characters from 1');
  }

  oneOf<T extends string>(path: string, value: unknown, known: readonly T[], otherwise: T): T {
    if (value === undefined) return otherwise;
    const found = known.find((name) => name === value);
    if (found !== undefined) return found;
    this.fault(
      path,
      `${JSON.stringify(value)} is not known`,
      meantOrOneOf(typeof value === 'string' ? value : '', known),
    );
    return otherwise;
  }

  list(path: string, value: unknown): unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.fault(path, 'is no list', 'Begin each member with "- "');
    return [];
  }

  texts(path: string, value: unknown): string[] {
    return this.list(path, value).flatMap((member, i) => this.text(`${path}/${i}`, member) ?? []);
  }
}
