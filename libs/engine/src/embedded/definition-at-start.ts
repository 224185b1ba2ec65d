/** Brings the definition file and the log together when a store is opened. */
import { randomBytes } from 'node:crypto';
import { type AppendRequest, type EventStore, type LogReader, pack } from '@rapport/event-store';
import { parseDefinition } from '@rapport/journey';
import { ADOPT_CAP_CUSTOMERS, EVENT, SEMANTICS } from '../loop/control-events';
import { DEFINITION_NAME, DEFINITION_STREAM_PREFIX, Definitions } from '../loop/definitions';
import { controlRequest } from '../loop/idle-work';
import type { LogEntry } from '../rapport.types';
import { type DefinitionDocument, type GivenDefinition, hasOwnStages, readDefinition } from './definition-document';

const ID_BYTES = 16;

/**
 * Publishes the file as a new version where its content is new. A fresh store also adopts it in every partition before any
 * touchpoint; later versions are adopted by the engine. Throws DefinitionRefused with every fault.
 */
export async function publishAtStart(
  store: EventStore,
  log: LogReader,
  partitions: number,
  given: GivenDefinition,
  say: (entry: LogEntry) => void,
): Promise<void> {
  const known = Definitions.read(log);
  if (given.file === undefined && known.latest > 0 && staysAsItIs(given, known, say)) return;
  const document = readDefinition(given);
  for (const { path, problem, mend } of document.warnings)
    say({ level: 'warn', message: `${document.source}: ${path}: ${problem}. ${mend}` });
  const version = versionOf(document, known);
  if (version === known.latest && version > 0) return;
  if (version > 0) {
    say({
      level: 'warn',
      message: `${document.source} is version ${version} of the definition; the store has moved on to version ${known.latest}, which stays. To go back, change the file so that it becomes a new version.`,
    });
    return;
  }
  await publish(store, document, known.latest, partitions);
  say({
    level: 'info',
    message: `published version ${known.latest + 1} of the definition from ${document.source}`,
  });
}

/** No file: what the store has stays, but for plays that are asked for and go with its stages. */
function staysAsItIs({ plays }: GivenDefinition, known: Definitions, say: (entry: LogEntry) => void): boolean {
  if (plays === undefined || plays === 'none') return true;
  if (!hasOwnStages(known)) return false;
  say({
    level: 'warn',
    message: `plays were left out: version ${known.latest} of the definition in the store has stages of its own. Start with its file too, so that both are put together.`,
  });
  return true;
}

/** 0 = a new one. Comments and layout make no new version: what counts is what it says. */
function versionOf(document: DefinitionDocument, known: Definitions): number {
  for (let version = known.latest; version > 0; version--) {
    const parsed = parseDefinition(known.get(version).document, `version ${version}`);
    if (parsed.ok && parsed.canonical === document.canonical) return version;
  }
  return 0;
}

async function publish(
  store: EventStore,
  document: DefinitionDocument,
  latest: number,
  partitions: number,
): Promise<void> {
  const now = Date.now();
  const version = latest + 1;
  const data = { name: DEFINITION_NAME, version, document: document.text, semantics: SEMANTICS };
  const event = {
    id: randomBytes(ID_BYTES),
    type: EVENT.definitionPublished,
    schemaVersion: 1,
    occurredAt: now,
    data: Buffer.from(JSON.stringify(data)),
  };
  const requests: AppendRequest[] = [
    {
      stream: DEFINITION_STREAM_PREFIX + DEFINITION_NAME,
      expected: latest === 0 ? 'noStream' : { revision: latest - 1 },
      events: pack([event]),
    },
  ];
  if (latest === 0) requests.push(...firstAdoptions(partitions, now));
  for (const result of await store.append(requests)) {
    if (result.ok) continue;
    if (result.reason === 'wrongExpectedRevision') throw new PublishedMeanwhile();
    throw new Error(`the definition could not be published: ${result.detail}`);
  }
}

/** Two processes have published at one time; the other one was first. */
export class PublishedMeanwhile extends Error {
  constructor() {
    super('the definition could not be published: another process published at the same time');
  }
}

/** What a fresh partition reads before any touchpoint. Wrong where it has one already. */
export function firstAdoptions(partitions: number, now: number): AppendRequest[] {
  const data = { name: DEFINITION_NAME, version: 1, semantics: SEMANTICS, cap: ADOPT_CAP_CUSTOMERS };
  return Array.from({ length: partitions }, (_, partition) => ({
    ...controlRequest(partition, EVENT.definitionAdopted, data, now),
    expected: 'noStream',
  }));
}
