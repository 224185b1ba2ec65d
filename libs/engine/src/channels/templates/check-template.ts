/** What is wrong with a template, found before anybody is written to. */
import { closestWord, type Fault, type Template } from '@rapport/journey';
import { type Part, pathsIn } from './liquid';

/** What is in scope, as far down as it is the same for every message: what lies below `traits` or `properties` is the customer's own. */
interface Known {
  [name: string]: Known | null;
}
const TOUCHPOINT = {
  id: null,
  type: null,
  channel: null,
  direction: null,
  occurredAt: null,
  properties: null,
  text: null,
};
const SCOPE: Known = {
  customer: { id: null, kind: null, stage: null, engagement: null, traits: null, personal: null },
  cause: {
    ...{ kind: null, touchpointId: null, due: null, commandId: null, by: null, version: null },
    touchpoint: TOUCHPOINT,
  },
  evidence: null,
  play: { name: null, why: null },
  links: { unsubscribe: null, answer: null },
  now: null,
};

type Source = Pick<Template, 'subject' | 'text' | 'html'>;
type Named = [name: 'subject' | 'text' | 'html', part: Part, source: string];

/** Syntax, unknown tags and filters, and names that are never there. Paths are those of a definition document. */
export function checkTemplates(templates: readonly Template[]): Fault[] {
  return templates.flatMap((template, i) =>
    partsOf(template).flatMap(([name, part, source]) =>
      faultsOf(part, source, `/templates/${i}/${name}`, template.name),
    ),
  );
}

/** First names of what a template reads: asked for each message, found once for each template. */
const FIRST_NAMES = new WeakMap<Source, ReadonlySet<unknown>>();

/** Whether it reads this name, at the beginning of a path. Of a template that can be parsed. */
export function readsName(template: Source, name: keyof typeof SCOPE): boolean {
  let names = FIRST_NAMES.get(template);
  if (names === undefined) {
    names = new Set(partsOf(template).flatMap(([, part, source]) => pathsIn(part, source).map(([first]) => first)));
    FIRST_NAMES.set(template, names);
  }
  return names.has(name);
}

function partsOf({ subject, text, html }: Source): Named[] {
  const parts: [Named[0], Part, string | undefined][] = [
    ['subject', 'text', subject],
    ['text', 'text', text],
    ['html', 'html', html],
  ];
  return parts.filter((part): part is Named => part[2] !== undefined);
}

function faultsOf(part: Part, source: string, path: string, template: string): Fault[] {
  try {
    const unknown = pathsIn(part, source).flatMap((names) => unknownName(names, SCOPE, []));
    return unknown.map(({ name, among }) => ({
      path,
      problem: `the template '${template}' reads '${name}', which is never there`,
      mend: `Did you mean '${closestWord(name.split('.').at(-1)!, among) ?? among[0]}'? There are ${among.join(', ')}`,
    }));
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return [{ path, problem: `the template '${template}' cannot be read: ${problem}`, mend: 'Mend it at that place' }];
  }
}

/** The first part of a path that nothing in scope has. What is not a plain name (an index, another variable) ends the look. */
function unknownName(
  [first, ...rest]: readonly unknown[],
  known: Known,
  before: readonly string[],
): { name: string; among: string[] }[] {
  if (typeof first !== 'string') return [];
  const path = [...before, first];
  if (!Object.hasOwn(known, first)) return [{ name: path.join('.'), among: Object.keys(known) }];
  const below = known[first];
  return below ? unknownName(rest, below, path) : [];
}
