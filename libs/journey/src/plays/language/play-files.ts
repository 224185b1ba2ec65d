/** Files of plays, read: what each holds and where it stands in the composed document. */
import { readDocument, type ReadText } from '../../language/definition/parse-definition';
import type { Fault } from '../../definition';
import type { PlayFile } from '../play-core.types';

type Part = 'plays' | 'guards' | 'teams' | 'templates';

export interface ReadFile extends ReadText {
  part: Part;
}

const KINDS: readonly [Part, RegExp][] = [
  ['plays', /^plays\/[^/]+\.ya?ml$/],
  ['templates', /^templates\/[^/]+\.liquid$/],
  ['guards', /^guards\.ya?ml$/],
  ['teams', /^teams\.ya?ml$/],
];
const FENCE = '---\n';

export function readPlayFile({ name, text }: PlayFile): { faults: Fault[] } | ReadFile {
  const part = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
  if (part === undefined) {
    const mend = 'Name it plays/<name>.yaml, templates/<name>.liquid, guards.yaml or teams.yaml';
    return { faults: [{ path: '', problem: `${name} is no file of plays`, mend }] };
  }
  const plain = text.replaceAll('\r\n', '\n');
  const read = part === 'templates' ? readTemplateFile(name, plain) : readDocument(plain, name);
  if ('faults' in read) return read;
  return { ...read, part, lineOf: (pointer) => read.lineOf(pointer) || ` (${name})` };
}

/** Front matter (subject, html) between two lines of `---`, then the text. */
function readTemplateFile(name: string, text: string): { faults: Fault[] } | ReadText {
  const end = text.startsWith(FENCE) ? text.indexOf(`\n${FENCE}`, FENCE.length - 1) : -1;
  if (text.startsWith(FENCE) && end < 0) {
    const problem = `${name} line 1: the front matter has no end`;
    return { faults: [{ path: '', problem, mend: 'Write a line "---" after it' }] };
  }
  // One line break before it stands for the fence: so the lines are those of the file.
  const front = readDocument(end < 0 ? '{}' : `\n${text.slice(FENCE.length, end + 1)}`, name);
  if ('faults' in front) return front;
  const head = front.value ?? {};
  if (typeof head !== 'object' || Array.isArray(head) || 'name' in head || 'text' in head) {
    const problem = `${name} line 2: the front matter must be an object without "name" and "text"`;
    return {
      faults: [{ path: '', problem, mend: 'The file’s name is the name, and the text stands below the front matter' }],
    };
  }
  const body = end < 0 ? text : text.slice(end + 1 + FENCE.length);
  const said = body.replace(/^\n+/, '');
  const value = { name: name.slice('templates/'.length, -'.liquid'.length), ...head, text: said };
  const bodyLine = text.slice(0, text.length - said.length).split('\n').length;
  const lineOf = (pointer: string): string =>
    pointer === '/text' ? ` (${name} line ${bodyLine})` : front.lineOf(pointer);
  return { value, length: text.length, lineOf };
}
