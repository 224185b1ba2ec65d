/** The definition that is to be in force: the file, or the folder, with the plays that go with it. */
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  canonicalDefinition,
  composeDocument,
  DEFAULT_DEFINITION_TEXT,
  type Definition,
  type Fault,
  parseDefinition,
  type PlayFile,
  type PlayWarning,
} from '@rapport/journey';
import { checkTemplates } from '../channels/templates/check-template';
import { defaultPlayFiles, playFilesIn } from '../default-plays/load';
import type { Definitions } from '../loop/definitions';
import { DefinitionRefused, type PlaysSource } from '../rapport.types';

const DEFAULT_SOURCE = 'the default definition';
/** What a folder of a definition holds beside its plays, teams, guards and templates. */
const FILE_IN_FOLDER = 'definition.yaml';

export interface GivenDefinition {
  /** YAML or JSON file, or a folder with a definition.yaml; absent = the default definition. */
  file: string | undefined;
  /** Absent = the plays of the folder, where `file` is one. */
  plays: PlaysSource | undefined;
}

export interface DefinitionDocument {
  /** Where it came from, for people. */
  source: string;
  text: string;
  canonical: string;
  warnings: PlayWarning[];
}

/** Throws DefinitionRefused with every fault. */
export function readDefinition({ file, plays }: GivenDefinition): DefinitionDocument {
  const folder = file !== undefined && statSync(file).isDirectory() ? file : undefined;
  const path = folder === undefined ? file : join(folder, FILE_IN_FOLDER);
  const source = sourceName(path, plays);
  const text = path === undefined ? DEFAULT_DEFINITION_TEXT : readFileSync(path, 'utf8');
  const name = path === undefined ? DEFAULT_SOURCE : basename(path);
  const composed = composeDocument({ name, text }, playFiles(plays, folder));
  if (!composed.ok) throw new DefinitionRefused(source, composed.faults);
  const parsed = parseDefinition(composed.document, source);
  if (!parsed.ok) throw new DefinitionRefused(source, parsed.faults);
  const faults = templateFaults(parsed.definition, composed.lineOf);
  if (faults.length > 0) throw new DefinitionRefused(source, faults);
  return { source, text: composed.document, canonical: parsed.canonical, warnings: composed.warnings };
}

const LINE_IN_TEXT = /, line:(\d+), col:\d+/;

/** What a template engine finds it counts from the start of the text: told as the line of the file. */
function templateFaults({ plays }: Definition, lineOf: (pointer: string) => string): Fault[] {
  return checkTemplates(plays?.templates ?? []).map(({ path, problem, mend }) => {
    const inText = Number(LINE_IN_TEXT.exec(problem)?.[1] ?? 1);
    const where = lineOf(path).replace(/\.liquid line (\d+)/, (_, line) => `.liquid line ${Number(line) + inText - 1}`);
    return { path, problem: (where === '' ? problem : problem.replace(LINE_IN_TEXT, '')) + where, mend };
  });
}

/**
 * Without a file the stages of the store stay what they are, so plays can be added to the default ones only: true where the
 * store's newest definition has other stages than those.
 */
export function hasOwnStages(known: Definitions): boolean {
  const fresh = parseDefinition(DEFAULT_DEFINITION_TEXT, DEFAULT_SOURCE);
  if (!fresh.ok) throw new DefinitionRefused(DEFAULT_SOURCE, fresh.faults);
  return withoutPlays(known.get(known.latest).definition) !== withoutPlays(fresh.definition);
}

function withoutPlays(definition: Definition): string {
  const { plays, ...rest } = definition;
  return canonicalDefinition(plays === undefined ? definition : rest);
}

function playFiles(plays: PlaysSource | undefined, folder: string | undefined): PlayFile[] {
  if (plays === 'none') return [];
  if (plays === 'default') return defaultPlayFiles();
  const from = plays === undefined ? folder : plays.folder;
  return from === undefined ? [] : playFilesIn(from);
}

function sourceName(path: string | undefined, plays: PlaysSource | undefined): string {
  const own = path ?? DEFAULT_SOURCE;
  if (plays === undefined || plays === 'none') return own;
  return `${own} with ${plays === 'default' ? 'the default plays' : `the plays of ${plays.folder}`}`;
}
