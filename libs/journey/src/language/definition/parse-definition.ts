/** Parses and checks a whole definition document, YAML or JSON. All faults come back at once. */
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Definition, Fault, Stage } from '../../definition';
import { PLAY_CHANNELS } from '../../plays/language/channel-names';
import { parsePlays, PLAYS_KEYS } from '../../plays/language/parse-plays';
import type { PlayWarning } from '../../plays/play';
import { PLAYS_TEXT_LENGTH_MAX } from '../../plays/play-limits';
import { kindOf, pointerTo } from '../touchpoint/touchpoint-error';
import { canonicalDefinition } from './canonical-definition';
import {
  DEFINITION_TEXT_LENGTH_MAX,
  NAME_PATTERN,
  STAGE_NAME_LENGTH_MAX,
  STAGE_NAME_PATTERN,
  STAGES_MAX,
  STATE_BYTES_MAX,
} from './definition-limits';
import { readEngagement } from './engagement-parser';
import { FaultList } from './fault-list';
import { RuleParser } from './rule-parser';
import { stateEstimate } from './state-estimate';
import { DEFAULT_TIME_ZONE, readTimeZone } from './time-zone';

export type ParsedDefinition =
  | {
      ok: true;
      definition: Definition;
      /** The same content always gives the same text. */
      canonical: string;
      /** Worth telling; they refuse nothing. */
      warnings: PlayWarning[];
    }
  | { ok: false; faults: Fault[] };

export const DOCUMENT_KEYS = [
  ...['$schema', 'name', 'description', 'timeZone', 'stages', 'engagement'],
  ...PLAYS_KEYS,
] as const;
const STAGE_KEYS = ['name', 'description', 'enter', 'keep'] as const;
export const DEFAULT_NAME = 'journey';

/**
 * @param text the document
 * @param source where it came from, for the faults: a file name
 */
export function parseDefinition(text: string, source: string): ParsedDefinition {
  const read = readDocument(text, source);
  return 'faults' in read ? { ok: false, faults: read.faults } : checkDocument(read);
}

/** Checks what was read, from one text or several. */
export function checkDocument(read: ReadText): ParsedDefinition {
  if (!hasPlays(read.value) && read.length > DEFINITION_TEXT_LENGTH_MAX) {
    const problem = `has ${read.length} characters; at most ${DEFINITION_TEXT_LENGTH_MAX} are read where there are no plays`;
    return { ok: false, faults: [{ path: '', problem, mend: 'Shorten it' }] };
  }
  const faults = new FaultList(read.lineOf);
  const found = readDefinition(read.value, faults);
  if (found !== undefined && faults.empty) checkState(found.definition, faults);
  if (found === undefined || !faults.empty) return { ok: false, faults: faults.all() };
  const { definition, warnings } = found;
  return { ok: true, definition, canonical: canonicalDefinition(definition), warnings };
}

/** Plays and their templates make a document longer, and give it more keys. */
function hasPlays(value: unknown): boolean {
  return typeof value === 'object' && value !== null && PLAYS_KEYS.some((key) => key in value);
}

/** A document as it was written. `lineOf`: ` (my.yaml line 3)` of a JSON pointer, '' where unknown. */
export interface ReadText {
  value: unknown;
  length: number;
  lineOf: (pointer: string) => string;
}

export function readDocument(text: string, source: string): { faults: Fault[] } | ReadText {
  if (text.length > PLAYS_TEXT_LENGTH_MAX) {
    const problem = `${source} has ${text.length} characters; at most ${PLAYS_TEXT_LENGTH_MAX} are read`;
    return { faults: [{ path: '', problem, mend: 'Shorten it' }] };
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true });
    const broken = [...document.errors, ...document.warnings].map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      const problem = `${source} line ${line}, column ${col}: ${error.message}`;
      return { path: '', problem, mend: 'Mend the YAML (or JSON) there' };
    });
    if (broken.length > 0) return { faults: broken };
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    return { value, length: text.length, lineOf: lineFinder(document, lines, source) };
  } catch (error) {
    // Too many aliases, or nesting that the YAML reader cannot follow.
    const problem = `${source} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { faults: [{ path: '', problem, mend: 'Write it plainer: less nesting, no aliases' }] };
  }
}

function lineFinder(document: Document, lines: LineCounter, source: string): (pointer: string) => string {
  return (pointer) => {
    const path = pointer
      .split('/')
      .slice(1)
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const start = startOf(document, path);
    return start === undefined ? '' : ` (${source} line ${lines.linePos(start).line})`;
  };
}

/** Where the value at `path` starts, or else the nearest value around it. */
function startOf(document: Document, path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path[length - 1])
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0];
  }
  return undefined;
}

interface Found {
  definition: Definition;
  warnings: PlayWarning[];
}

function readDefinition(value: unknown, faults: FaultList): Found | undefined {
  const members = faults.members(value, '', DOCUMENT_KEYS, 'the document');
  if (members === undefined) return undefined;
  for (const key of ['$schema', 'description']) checkText(members[key], `/${key}`, faults);
  const definition: Definition = {
    name: readName(members['name'], faults),
    timeZone: readTimeZone(members['timeZone'], '/timeZone', faults) ?? DEFAULT_TIME_ZONE,
    stages: readStages(members['stages'], faults),
    engagement: readEngagement(members['engagement'], '/engagement', faults),
  };
  if (!hasPlays(members)) return { definition, warnings: [] };
  const { timeZone } = definition;
  const stages = definition.stages.map(({ name }) => name);
  const found = parsePlays(members, { stages, timeZone, channels: PLAY_CHANNELS }, faults);
  if (found === undefined) return undefined;
  definition.plays = found.part;
  return { definition, warnings: found.warnings };
}

function checkText(value: unknown, path: string, faults: FaultList): void {
  if (value !== undefined && typeof value !== 'string')
    faults.add(path, `must be a text, but is ${kindOf(value)}`, 'Write it in quotes');
}

function readName(value: unknown, faults: FaultList): string {
  if (value === undefined) return DEFAULT_NAME;
  if (typeof value === 'string' && new RegExp(NAME_PATTERN).test(value)) return value;
  faults.add(
    '/name',
    'is no name of a definition',
    'Use lower-case letters, digits and "-", a letter first, at most 63',
  );
  return DEFAULT_NAME;
}

function readStages(value: unknown, faults: FaultList): Stage[] {
  if (value === undefined) {
    faults.add('', 'has no stages', 'Add "stages", lowest first, such as [ { name: lead } ]');
    return [];
  }
  const rules = new RuleParser(faults);
  const stages: Stage[] = [];
  for (const [i, member] of (faults.listOf(value, '/stages', STAGES_MAX, 'stages') ?? []).entries()) {
    const stage = readStage(member, `/stages/${i}`, i === 0, rules, faults);
    if (stage === undefined) continue;
    if (stages.some((other) => other.name === stage.name)) {
      faults.add(`/stages/${i}/name`, `"${stage.name}" is the name of an earlier stage too`, 'Name it differently');
    }
    stages.push(stage);
  }
  return stages;
}

function readStage(
  value: unknown,
  path: string,
  lowest: boolean,
  rules: RuleParser,
  faults: FaultList,
): Stage | undefined {
  const members = faults.members(value, path, STAGE_KEYS, 'a stage');
  if (members === undefined) return undefined;
  const stage: Stage = { name: readStageName(members['name'], path, faults) };
  checkText(members['description'], pointerTo(path, 'description'), faults);
  for (const key of ['enter', 'keep'] as const) {
    if (members[key] === undefined) continue;
    const rule = rules.rule(members[key], pointerTo(path, key));
    if (rule !== undefined) stage[key] = rule;
  }
  if (members['enter'] === undefined && members['keep'] !== undefined) {
    faults.add(
      pointerTo(path, 'keep'),
      'keeps customers on a stage that nobody has to enter',
      'Add "enter", or leave "keep" out',
    );
  } else if (members['enter'] === undefined && !lowest) {
    faults.add(
      path,
      'has no "enter": everybody would stand here and nobody below',
      'Add "enter", or make it the lowest stage',
    );
  }
  return stage;
}

function readStageName(value: unknown, path: string, faults: FaultList): string {
  if (typeof value === 'string' && new RegExp(STAGE_NAME_PATTERN, 'u').test(value)) return value;
  const problem = value === undefined ? 'has no name' : 'is no name of a stage';
  const mend = `Use letters, digits, spaces, "-" and "_", at most ${STAGE_NAME_LENGTH_MAX}`;
  faults.add(value === undefined ? path : pointerTo(path, 'name'), problem, mend);
  return '';
}

function checkState(definition: Definition, faults: FaultList): void {
  const shares = stateEstimate(definition);
  const bytes = shares.reduce((sum, share) => sum + share.bytes, 0);
  if (bytes <= STATE_BYTES_MAX) return;
  const greatest = shares.slice(0, 3).map((share) => `"${share.condition}" ${share.bytes}`);
  const problem = `would keep ${bytes} bytes for each customer; the bound is ${STATE_BYTES_MAX} (STATE_BYTES_MAX)`;
  faults.add(
    definition.plays === undefined ? '/stages' : '',
    problem,
    `Shorten windows or ask for fewer: ${greatest.join(', ')}`,
  );
}
