/** The collections of one generation, and their indexes: declared here, made and verified at start. */
import type { Collection, CreateIndexesOptions, Db, Document, IndexDescription } from 'mongodb';
import {
  type ActionDoc,
  type ChangeDoc,
  type ChunkDoc,
  type CustomerDoc,
  type DayDoc,
  type EnrolmentDoc,
  type JournalDoc,
  NO_MOMENT,
  type ParkedDoc,
  type ProfileDoc,
  type ProgressDoc,
  type WithheldDoc,
} from './documents';

/** What is left of a deleted document goes after this time: no writer that is late is later. */
const GONE_AFTER_S = 86_400;

interface Index extends Pick<CreateIndexesOptions, 'partialFilterExpression' | 'expireAfterSeconds'> {
  name: string;
  key: Record<string, 1>;
}

const keys = (...fields: string[]): Record<string, 1> => Object.fromEntries(fields.map((field) => [field, 1 as const]));
const index = (name: string, ...fields: string[]): Index => ({ name, key: keys(...fields) });
const GONE: Index = { ...index('gone', 'gone'), expireAfterSeconds: GONE_AFTER_S };

export const INDEXES = {
  customers: [
    index('by_no', 'no'),
    index('by_stage_and_last', 'stage', 'engagement', 'lastTouchpointAt', 'no'),
    index('by_stage_and_since', 'stage', 'engagement', 'stageSince', 'no'),
    index('by_partition', 'partition', 'customerId'),
    {
      ...index('by_due', 'partition', 'due', 'customerId'),
      // In these words, so that the planner sees that every range of moments lies within.
      partialFilterExpression: { due: { $gte: NO_MOMENT } },
    },
    { ...index('unsettled', 'unsettled', 'partition', 'customerId'), partialFilterExpression: { unsettled: true } },
  ],
  timeline_chunks: [index('by_no', 'no', 'chunk')],
  profiles: [],
  changes: [
    index('by_no', 'no', 'axis', 'at', 'position', 'part'),
    index('by_customer', 'customerId', 'axis', 'position', 'part'),
    index('by_position', 'axis', 'position', 'part'),
    index('by_target', 'axis', 'to', 'position', 'part'),
    index('by_at', 'axis', 'at'),
    GONE,
  ],
  change_days: [index('by_day', 'axis', 'day')],
  parked: [index('by_position', 'position'), GONE],
  enrolments: [
    index('by_position', 'position'),
    index('by_no', 'no', 'position'),
    index('by_play', 'play', 'phase', 'position'),
  ],
  actions: [
    index('by_position', 'position'),
    index('by_state', 'state', 'position'),
    index('by_no', 'no', 'position'),
    index('by_team', 'team', 'state', 'position'),
  ],
  withheld: [index('by_no', 'no', 'play')],
  progress: [],
  journal: [index('by_flush', 'partition', 'f')],
} as const satisfies Record<string, readonly Index[]>;

export type ModelName = keyof typeof INDEXES;
export const MODEL_NAMES = Object.keys(INDEXES) as ModelName[];

/** Collections that hold documents of customers: to be sharded by `customerId`. */
export const SHARDED: readonly ModelName[] = [
  'customers',
  'timeline_chunks',
  'profiles',
  'changes',
  'parked',
  'enrolments',
  'actions',
  'withheld',
];

export function collectionName(generation: number, model: ModelName): string {
  return `g${generation}_${model}`;
}

export class Models {
  readonly customers: Collection<CustomerDoc>;
  readonly chunks: Collection<ChunkDoc>;
  readonly profiles: Collection<ProfileDoc>;
  readonly changes: Collection<ChangeDoc>;
  readonly days: Collection<DayDoc>;
  readonly parked: Collection<ParkedDoc>;
  readonly enrolments: Collection<EnrolmentDoc>;
  readonly actions: Collection<ActionDoc>;
  readonly withheld: Collection<WithheldDoc>;
  readonly progress: Collection<ProgressDoc>;
  readonly journal: Collection<JournalDoc>;

  constructor(
    private readonly db: Db,
    readonly generation: number,
  ) {
    this.customers = this.of('customers');
    this.chunks = this.of('timeline_chunks');
    this.profiles = this.of('profiles');
    this.changes = this.of('changes');
    this.days = this.of('change_days');
    this.parked = this.of('parked');
    this.enrolments = this.of('enrolments');
    this.actions = this.of('actions');
    this.withheld = this.of('withheld');
    this.progress = this.of('progress');
    this.journal = this.of('journal');
  }

  of<Doc extends Document>(model: ModelName): Collection<Doc> {
    return this.db.collection<Doc>(collectionName(this.generation, model));
  }

  /** Before a transaction needs it: there are servers that make no collection inside of one. */
  async create(model: ModelName): Promise<void> {
    try {
      await this.db.createCollection(collectionName(this.generation, model));
    } catch (error) {
      // Another process made it in the same moment.
      if ((error as { code?: unknown }).code !== NAMESPACE_EXISTS) throw error;
    }
  }

  async drop(): Promise<void> {
    for (const model of MODEL_NAMES)
      await this.of(model)
        .drop()
        .catch((error: unknown) => {
          // Servers before 7.0 say so; the others do not mind.
          if ((error as { code?: unknown }).code !== UNKNOWN_COLLECTION) throw error;
        });
  }
}

/** An index is not what this version needs: which, and how to mend it. */
export class MongoIndexError extends Error {}

/** INDEX_OPTIONS_CONFLICT and INDEX_KEY_SPECS_CONFLICT. */
const CONFLICTS: ReadonlySet<unknown> = new Set([85, 86]);
const UNKNOWN_COLLECTION = 26;
const NAMESPACE_EXISTS = 48;

/** Makes what is missing, then looks at what is there. Throws MongoIndexError. */
export async function ensureIndexes(models: Models): Promise<void> {
  for (const model of MODEL_NAMES) {
    const wanted: readonly Index[] = INDEXES[model];
    const collection = models.of(model);
    const found = await indexesOf(collection);
    for (const one of wanted) verify(collection.collectionName, one, found);
    const missing = wanted.filter((one) => !found.some((has) => has['name'] === one.name));
    if (missing.length > 0) await make(collection, missing);
    else if (found.length === 0) await models.create(model);
  }
}

async function make(collection: Collection, missing: readonly Index[]): Promise<void> {
  try {
    await collection.createIndexes(missing as unknown as IndexDescription[]);
  } catch (error) {
    if (!(error instanceof Error) || !CONFLICTS.has((error as { code?: unknown }).code)) throw error;
    throw new MongoIndexError(
      `${collection.collectionName}: an index stands in the way of ${missing.map((one) => one.name).join(', ')} (${error.message}). ` +
        'Drop it and start again.',
    );
  }
  const found = await indexesOf(collection);
  for (const one of missing)
    if (!found.some((has) => has['name'] === one.name))
      throw new MongoIndexError(`${collection.collectionName}: the index ${one.name} was asked for but is not there.`);
}

async function indexesOf(collection: Collection): Promise<Document[]> {
  try {
    return (await collection.listIndexes().toArray()) as Document[];
  } catch (error) {
    if ((error as { code?: unknown }).code === UNKNOWN_COLLECTION) return [];
    throw error;
  }
}

function verify(collection: string, wanted: Index, found: readonly Document[]): void {
  const has = found.find((one) => one['name'] === wanted.name);
  if (!has || shape(has) === shape(wanted)) return;
  throw new MongoIndexError(
    `${collection}: the index ${wanted.name} is ${shape(has)}, but this version needs ${shape(wanted)}. ` +
      `Run db.${collection}.dropIndex("${wanted.name}") and start again: it is made anew.`,
  );
}

/** What makes an index what it is, in an order that can be compared. */
function shape(one: object): string {
  const { key, unique, partialFilterExpression, expireAfterSeconds } = one as Record<string, unknown>;
  return JSON.stringify({ key, unique, partialFilterExpression, expireAfterSeconds });
}
