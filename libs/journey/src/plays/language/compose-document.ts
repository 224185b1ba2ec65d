/** A definition and the files beside it as one document, which is what is published. */
import { stringify } from 'yaml';
import type { Fault } from '../../definition';
import { checkDocument, readDocument, type ReadText } from '../../language/definition/parse-definition';
import type { ComposeDocument, PlayFile } from '../play-core.types';
import { PLAYS_TEXT_LENGTH_MAX } from '../play-limits';
import { readPlayFile, type ReadFile } from './play-files';

type Members = { [key: string]: unknown };
/** Where a part of the composed document comes from. */
interface Origin {
  pointer: string;
  lineOf: (pointer: string) => string;
}

/**
 * See ComposeDocument. What the definition says itself goes before a file: its guards instead of guards.yaml, its play, team or
 * template instead of the one of that name in a file. Without files the document stays as it was written.
 */
export const composeDocument: ComposeDocument = (definition, files) => {
  const main = readDocument(definition.text, definition.name);
  const read = [...files].sort(byName).map(readPlayFile);
  const broken = [main, ...read].flatMap((one) => ('faults' in one ? one.faults : []));
  if (broken.length > 0 || 'faults' in main) return { ok: false, faults: broken };
  const good = read.filter((one): one is ReadFile => !('faults' in one));
  const composed = good.length === 0 ? { text: definition.text, read: main } : compose(main, good);
  if (composed.text.length > PLAYS_TEXT_LENGTH_MAX) return { ok: false, faults: [tooLong(composed.text.length)] };
  const checked = checkDocument(composed.read);
  if (!checked.ok) return { ok: false, faults: checked.faults };
  const { lineOf } = composed.read;
  return { ok: true, document: composed.text, warnings: checked.warnings, lineOf };
};

function byName(a: PlayFile, b: PlayFile): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function tooLong(length: number): Fault {
  const problem = `has ${length} characters with its plays and templates; at most ${PLAYS_TEXT_LENGTH_MAX} are read`;
  return { path: '', problem, mend: 'Shorten templates, or take plays out' };
}

function compose(main: ReadText, files: readonly ReadFile[]): { text: string; read: ReadText } {
  // No object: told as it is, whatever stands beside it.
  if (typeof main.value !== 'object' || main.value === null || Array.isArray(main.value)) {
    return { text: '', read: main };
  }
  const value: Members = { ...main.value };
  const origins: Origin[] = [];
  for (const file of files) {
    if (file.part === 'guards') addGuards(value, file, origins);
    else if (file.part === 'teams' && Array.isArray(file.value)) {
      for (const [i, team] of (file.value as unknown[]).entries()) {
        addMember(value, main.value as Members, 'teams', team, (rest) => file.lineOf(`/${i}${rest}`), origins);
      }
    } else if (file.part === 'teams') {
      value['teams'] ??= file.value;
      origins.push({ pointer: '/teams', lineOf: file.lineOf });
    } else addMember(value, main.value as Members, file.part, file.value, file.lineOf, origins);
  }
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return { text, read: { value, length: text.length, lineOf: (pointer) => lineIn(origins, main, pointer) } };
}

function addGuards(value: Members, file: ReadFile, origins: Origin[]): void {
  if (value['guards'] !== undefined) return;
  value['guards'] = file.value;
  origins.push({ pointer: '/guards', lineOf: file.lineOf });
}

/** Behind what is there, unless the definition has one of that name. */
function addMember(
  value: Members,
  main: Members,
  key: string,
  member: unknown,
  lineOf: Origin['lineOf'],
  origins: Origin[],
): void {
  const own = main[key];
  const list = value[key] ?? [];
  // What is no list is told by the parser.
  if (!Array.isArray(list)) return;
  const name = nameOf(member);
  if (name !== undefined && Array.isArray(own) && own.some((one) => nameOf(one) === name)) return;
  origins.push({ pointer: `/${key}/${list.length}`, lineOf });
  value[key] = [...(list as unknown[]), member];
}

function nameOf(member: unknown): unknown {
  return typeof member === 'object' && member !== null && 'name' in member ? member.name : undefined;
}

function lineIn(origins: readonly Origin[], main: ReadText, pointer: string): string {
  const origin = origins.find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
  return origin === undefined ? main.lineOf(pointer) : origin.lineOf(pointer.slice(origin.pointer.length));
}
