/** The versions of the definition that the log holds, compiled as they are needed. */
import { type Chunk, EventCursor, type LogReader } from '@rapport/event-store';
import {
  CATALOGUE,
  type CompiledDefinition,
  compileDefinition,
  type Definition,
  type EarlierPlays,
  parseDefinition,
  PLAY_VERSIONS_KEPT,
} from '@rapport/journey';
import { readStream } from './read-stream';
import { type DefinitionPublished, EVENT, SEMANTICS } from './control-events';

export const DEFINITION_STREAM_PREFIX = 'definition-';
export const DEFINITION_NAME = 'journey';

/** What the partitions have adopted means something that this code does not know. */
export class SemanticsUnknown extends Error {
  constructor(semantics: number) {
    super(
      `the log has adopted semantics ${semantics}, this version of Rapport knows up to ${SEMANTICS}: run a newer one`,
    );
  }
}

export interface KnownDefinition {
  version: number;
  document: string;
  definition: Definition;
  compiled: CompiledDefinition;
}

export class Definitions {
  private readonly documents = new Map<number, string>();
  private readonly known = new Map<number, KnownDefinition>();
  /** Where versions are looked for that were published meanwhile. */
  private log: LogReader | null = null;

  /** Reads what the log holds; goes on from what is `known` already. */
  static read(log: LogReader, known?: Definitions): Definitions {
    const definitions = known ?? new Definitions();
    definitions.log = log;
    for (const event of readStream(log, DEFINITION_STREAM_PREFIX + DEFINITION_NAME, definitions.latest)) {
      definitions.remember(JSON.parse(Buffer.from(event.data).toString('utf8')) as DefinitionPublished);
    }
    return definitions;
  }

  /** Takes in a chunk of a definition stream; other streams are none of its business. */
  learn(chunk: Chunk): void {
    if (!chunk.stream.startsWith(DEFINITION_STREAM_PREFIX)) return;
    const cursor = new EventCursor();
    cursor.reset(chunk);
    while (cursor.next()) {
      if (cursor.type === EVENT.definitionPublished) this.remember(JSON.parse(cursor.data) as DefinitionPublished);
    }
  }

  get latest(): number {
    return Math.max(0, ...this.documents.keys());
  }

  versionOf(document: string): number | null {
    for (const [version, text] of this.documents) if (text === document) return version;
    return null;
  }

  compiled(version: number): CompiledDefinition {
    return this.get(version).compiled;
  }

  get(version: number): KnownDefinition {
    const known = this.known.get(version);
    if (known) return known;
    const { document, definition } = this.parse(version);
    const compiled = compileDefinition(definition, version, CATALOGUE, this.earlierPlays(version));
    const fresh = { version, document, definition, compiled };
    this.known.set(version, fresh);
    return fresh;
  }

  /** Of the versions before, oldest first, for who is still under way with them. */
  private earlierPlays(version: number): EarlierPlays[] {
    const earlier: EarlierPlays[] = [];
    for (let before = Math.max(1, version - PLAY_VERSIONS_KEPT); before < version; before++) {
      if (!this.documents.has(before)) continue;
      const part = this.parse(before).definition.plays;
      if (part) earlier.push({ version: before, part });
    }
    return earlier;
  }

  private parse(version: number): { document: string; definition: Definition } {
    const known = this.known.get(version);
    if (known) return known;
    if (!this.documents.has(version) && this.log) Definitions.read(this.log, this);
    const document = this.documents.get(version);
    if (document === undefined) throw new Error(`definition version ${version} is not in the log`);
    const parsed = parseDefinition(document, `definition version ${version}`);
    if (!parsed.ok)
      throw new Error(`definition version ${version} in the log cannot be read: ${JSON.stringify(parsed.faults)}`);
    return { document, definition: parsed.definition };
  }

  /** A partition adopts this: the code must know the meaning it was adopted with. */
  require(version: number, semantics: number): void {
    if (semantics > SEMANTICS) {
      throw new SemanticsUnknown(semantics);
    }
    this.get(version);
  }

  private remember(published: DefinitionPublished): void {
    this.documents.set(published.version, published.document);
  }
}
