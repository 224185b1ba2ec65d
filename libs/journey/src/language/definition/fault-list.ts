/** Gathers the faults of one document, each with its place in the text. */
import type { Fault } from '../../definition';
import { meantOrOneOf } from '../closest-word';
import { kindOf, pointerTo } from '../touchpoint/touchpoint-error';
import { DEFINITION_FAULTS_MAX } from './definition-limits';

export type Members = { readonly [name: string]: unknown };

export class FaultList {
  private readonly list: Fault[] = [];
  private beyond = 0;

  /** @param lineOf the line of a pointer in the text, for the reader's convenience; '' where unknown */
  constructor(private readonly lineOf: (pointer: string) => string) {}

  /** An empty list for the same text. */
  another(): FaultList {
    return new FaultList(this.lineOf);
  }

  get empty(): boolean {
    return this.list.length === 0;
  }

  all(): Fault[] {
    if (this.beyond === 0) return this.list;
    const problem = `has ${this.beyond} more faults than are listed here`;
    return [...this.list, { path: '', problem, mend: 'Mend the ones above first' }];
  }

  add(path: string, problem: string, mend: string): undefined {
    if (this.list.length >= DEFINITION_FAULTS_MAX) this.beyond++;
    else this.list.push({ path, problem: `${problem}${this.lineOf(path)}`, mend });
    return undefined;
  }

  /** An object; its names must be among `known`. */
  members(value: unknown, path: string, known: readonly string[], what: string): Members | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.add(
        path,
        `${what} must be an object, but is ${kindOf(value)}`,
        `Write its keys: ${known.join(', ')}`,
      );
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name))
        this.add(pointerTo(path, name), `${what} has no key "${name}"`, meantOrOneOf(name, known));
    }
    return value as Members;
  }

  /** A list with at least one member. */
  listOf(value: unknown, path: string, lengthMax: number, what: string): readonly unknown[] | undefined {
    if (!Array.isArray(value)) {
      return this.add(
        path,
        `${what} must be a list, but is ${kindOf(value)}`,
        'Write it in square brackets or as lines with "- "',
      );
    }
    if (value.length === 0) return this.add(path, `${what} is empty`, 'Name at least one, or leave the key out');
    if (value.length > lengthMax) {
      return this.add(path, `${what} has ${value.length} members; at most ${lengthMax} are allowed`, 'Use fewer');
    }
    return value as readonly unknown[];
  }
}
