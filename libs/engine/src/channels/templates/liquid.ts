/**
 * LiquidJS as templates may use it: no files, no partials, no prototype, unknown names and filters are errors, and the work of one
 * rendering is bounded: a template is written by users.
 */
import { Liquid, type Template as ParsedTemplate } from 'liquidjs';

/** Characters parsed, milliseconds rendered, units of memory (about a character each) of one part. */
const PARSE_LIMIT = 100_000;
const RENDER_MS_MAX = 500;
const MEMORY_LIMIT = 1_000_000;
/** Parsed parts that are remembered: there are TEMPLATES_MAX of them in each of a few versions. */
const PARSED_KEPT = 512;

const NO_FILES = {
  existsSync: () => false,
  exists: () => Promise.resolve(false),
  readFileSync: (): string => {
    throw new Error('a template cannot read files');
  },
  readFile: (): Promise<string> => Promise.reject(new Error('a template cannot read files')),
  resolve: (_folder: string, file: string) => file,
  contains: () => Promise.resolve(false),
  containsSync: () => false,
};

function engine(html: boolean): Liquid {
  const liquid = new Liquid({
    ...{ strictVariables: true, strictFilters: true, ownPropertyOnly: true, dynamicPartials: false },
    ...{ relativeReference: false, fs: NO_FILES },
    ...{ parseLimit: PARSE_LIMIT, renderLimit: RENDER_MS_MAX, memoryLimit: MEMORY_LIMIT, timezoneOffset: 0 },
    ...(html && { outputEscape: 'escape' as const }),
  });
  // A template says what it shows; nothing is fetched from elsewhere.
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag];
  return liquid;
}

const ENGINES = { text: engine(false), html: engine(true) };
const parsed = new Map<string, ParsedTemplate[]>();

export type Part = 'text' | 'html';

export function parsePart(part: Part, source: string): ParsedTemplate[] {
  const key = `${part}:${source}`;
  const known = parsed.get(key);
  if (known) return known;
  const fresh = ENGINES[part].parse(source);
  if (parsed.size >= PARSED_KEPT) parsed.clear();
  parsed.set(key, fresh);
  return fresh;
}

export function renderPart(part: Part, source: string, scope: object): string {
  return String(ENGINES[part].renderSync(parsePart(part, source), scope));
}

/** What a part reads, each as its names from the beginning: `['customer', 'personal', 'name']`. Throws where it cannot be parsed. */
export function pathsIn(part: Part, source: string): unknown[][] {
  return ENGINES[part].globalVariableSegmentsSync(parsePart(part, source));
}
