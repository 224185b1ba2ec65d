/** The connection to a MongoDB: settings that the promises rest on, and what the server must be able to do. */
import { type Db, type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { type MongoSettings, MongoServerUnfit } from './mongo-settings';

/** Connections of one process's thread, and how long a request waits for one. */
const POOL_CONNECTIONS_MAX = 16;
const POOL_WAIT_MS = 10_000;
const CONNECT_MS = 10_000;
const SELECT_SERVER_MS = 10_000;
/** A request that hears nothing for this long is given up: longer than any of ours takes. */
const SOCKET_MS = 90_000;
const MAJORITY_MS = 30_000;
/** Of MongoDB 5.0: snapshot reads, and updates by pipelines. */
const WIRE_VERSION_MIN = 13;

/** What the server is, as far as we act by it. */
export interface ServerKind {
  /** Replica set or sharded cluster: transactions and snapshots are to be had. */
  transactions: boolean;
  /** Writes must name the shard key. */
  sharded: boolean;
  version: string;
}

export interface MongoConnection {
  client: MongoClient;
  db: Db;
  kind: ServerKind;
}

const OPTIONS: MongoClientOptions = {
  appName: 'rapport',
  maxPoolSize: POOL_CONNECTIONS_MAX,
  waitQueueTimeoutMS: POOL_WAIT_MS,
  connectTimeoutMS: CONNECT_MS,
  socketTimeoutMS: SOCKET_MS,
  retryWrites: true,
  retryReads: true,
  readPreference: 'primary',
  // Every acknowledged write is on the disks of most members.
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_MS },
  promoteBuffers: true,
};

/** Connects, and refuses a server that cannot do what is needed. Throws MongoServerUnfit. */
export async function connectMongo({
  url,
  database,
  selectServerMs = SELECT_SERVER_MS,
}: MongoSettings): Promise<MongoConnection> {
  const client = new MongoClient(url, { ...OPTIONS, serverSelectionTimeoutMS: selectServerMs });
  try {
    await client.connect();
    const db = client.db(database);
    return { client, db, kind: await kindOf(db) };
  } catch (error) {
    await client.close();
    if (error instanceof MongoServerUnfit) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new MongoServerUnfit(
      `MongoDB at ${withoutPassword(url)} cannot be reached: ${detail}. Check the URL, the credentials and that the server runs.`,
    );
  }
}

async function kindOf(db: Db): Promise<ServerKind> {
  const hello = await db.command({ hello: 1 });
  const build = await db.command({ buildInfo: 1 });
  const version = String(build['version']);
  if (Number(hello['maxWireVersion']) < WIRE_VERSION_MIN)
    throw new MongoServerUnfit(
      `MongoDB ${version} is too old: snapshot reads and updates by pipelines came with 5.0. Upgrade the server.`,
    );
  const sharded = hello['msg'] === 'isdbgrid';
  return { transactions: sharded || isSet(hello), sharded, version };
}

function isSet(hello: Document): boolean {
  return typeof hello['setName'] === 'string';
}

/** For messages. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//***@');
}
