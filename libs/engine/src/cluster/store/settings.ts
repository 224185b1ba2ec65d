/** What a store was made with and for ever keeps: the first event of its stream `settings`. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type EventStore, pack, type StoredEvent, type StoreMeta, StoreRefused } from '@rapport/event-store';
import { EVENT, type DefinitionPublished, SEMANTICS } from '../../loop/control-events';
import { DEFINITION_NAME, DEFINITION_STREAM_PREFIX } from '../../loop/definitions';

export const SETTINGS_STREAM = 'settings';
const STORE_MADE = 'StoreMade';
/** Of the streams and their events. */
const FORMAT = 1;
export const CLUSTER_PARTITIONS = 64;
/** Names of streams have two digits at least; more partitions than this would make leases and subscriptions the work. */
export const CLUSTER_PARTITIONS_MAX = 1_024;
const KEY_BYTES = 16;
const ID_BYTES = 16;

interface StoreMade {
  format: number;
  partitions: number;
  instanceId: string;
  /** Hex. */
  hashKey: string;
}

/** Makes the store where nobody has. `partitions`: what this process was told; absent = what the store has. Throws StoreRefused. */
export async function openSettings(store: EventStore, partitions: number | undefined): Promise<StoreMeta> {
  const made = (await readSettings(store)) ?? (await make(store, partitions ?? CLUSTER_PARTITIONS));
  if (made.format !== FORMAT)
    throw new StoreRefused(
      'newerFormat',
      `the store has format ${made.format}, this version of Rapport knows ${FORMAT}: run the version that the store was made with, or a newer one`,
    );
  if (partitions !== undefined && partitions !== made.partitions)
    throw new StoreRefused(
      'partitions',
      `the store was made with ${made.partitions} partitions, and that cannot change; this process was told ${partitions}. Set RAPPORT_PARTITIONS to ${made.partitions}, or leave it out.`,
    );
  await requireSemantics(store);
  const { format, instanceId } = made;
  return { format, instanceId, partitions: made.partitions, hashKey: Buffer.from(made.hashKey, 'hex') };
}

async function readSettings(store: EventStore): Promise<StoreMade | null> {
  for await (const event of store.readStream(SETTINGS_STREAM, { from: 0, limit: 1 })) return jsonOf<StoreMade>(event);
  return null;
}

/** Whoever comes first makes it; the others read what that one made. */
async function make(store: EventStore, partitions: number): Promise<StoreMade> {
  const made: StoreMade = {
    ...{ format: FORMAT, partitions, instanceId: randomUUID() },
    hashKey: randomBytes(KEY_BYTES).toString('hex'),
  };
  const event = {
    ...{ id: randomBytes(ID_BYTES), type: STORE_MADE, schemaVersion: 1, occurredAt: Date.now() },
    data: Buffer.from(JSON.stringify(made)),
  };
  const [result] = await store.append([{ stream: SETTINGS_STREAM, expected: 'noStream', events: pack([event]) }]);
  if (result?.ok) return made;
  const others = result?.reason === 'wrongExpectedRevision' ? await readSettings(store) : null;
  if (others) return others;
  throw new Error(`the store could not be made: ${result?.reason === 'unavailable' ? result.detail : 'no answer'}`);
}

/** Partitions adopt a definition with the meaning it was published with: who does not know that meaning must not fold them. */
async function requireSemantics(store: EventStore): Promise<void> {
  for await (const event of store.readStream(DEFINITION_STREAM_PREFIX + DEFINITION_NAME, {
    backwards: true,
    limit: 1,
  })) {
    if (event.type !== EVENT.definitionPublished) return;
    const { semantics } = jsonOf<DefinitionPublished>(event);
    if (semantics > SEMANTICS)
      throw new StoreRefused(
        'newerFormat',
        `the store has adopted semantics ${semantics}, this version of Rapport knows up to ${SEMANTICS}: run a newer version`,
      );
  }
}

function jsonOf<T>(event: StoredEvent): T {
  return JSON.parse(Buffer.from(event.data).toString('utf8')) as T;
}
