/** Decides whom a command talks to, and says so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openClusterRapport, openRapport } from '@rapport/engine';
import { readServerFile } from '../../../server/src/index';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { note } from '../output/notes';
import { HttpTarget } from './http-target';
import { readStoreOptions, type StoreFlags } from './store-options';
import { StoreTarget } from './store-target';
import type { Target } from './target';

/** The log's file: a folder without it holds no store. */
const LOG_FILE = 'log.sqlite';
const ALIVE_WAIT_MS_MAX = 2_000;

/** @param make true = a folder without a store becomes one (import); else that is an error */
export async function openTarget(flags: StoreFlags, make = false): Promise<Target> {
  if (flags.server !== undefined) return namedServer(flags.server);
  const { data, definition, plays, cluster } = readStoreOptions(flags);
  const url = readServerFile(data)?.url;
  // A server that was killed leaves its file behind.
  if (url !== undefined && (await isAlive(url))) {
    note(`Talking to the server at ${url}, which serves the store in ${data}.`);
    return new HttpTarget(url, data);
  }
  if (cluster) {
    note('Talking to the servers of the cluster themselves: no server of ours is named.');
    // The engines that run decide; this process asks and appends.
    const options = { ...cluster, data, definitionFile: definition, plays, dispatch: 'off', roles: ['api'] } as const;
    return new StoreTarget(await openClusterRapport(options), true);
  }
  requireStore(data, make);
  note(`Opening the store in ${data} itself: no server is running on it.`);
  // Only a server carries out what plays ask for: it has the receivers, and the time.
  return new StoreTarget(await openRapport({ data, definitionFile: definition, plays, dispatch: 'off' }), true);
}

export function requireStore(data: string, make = false): void {
  if (make || existsSync(join(data, LOG_FILE))) return;
  const mend = 'Name its folder with --data or RAPPORT_DATA, or make one with: rapport serve';
  throw new CommandFailed(EXIT.notFound, `There is no store in ${data}. ${mend}`);
}

async function namedServer(server: string): Promise<Target> {
  const url = server.replace(/\/+$/, '');
  if (!/^https?:\/\//.test(url)) {
    throw new CommandFailed(EXIT.usage, `--server ${server} is no address. Write for example http://127.0.0.1:3000`);
  }
  if (!(await isAlive(url))) {
    throw new CommandFailed(EXIT.unavailable, `No server answers at ${url}. Start one with: rapport serve`);
  }
  note(`Talking to the server at ${url}.`);
  return new HttpTarget(url, undefined);
}

async function isAlive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(ALIVE_WAIT_MS_MAX) })).ok;
  } catch {
    return false;
  }
}

/** Does the work on the target that the flags name, and closes it whatever comes of it. */
export async function onTarget(flags: StoreFlags, work: (target: Target) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await openTarget(flags);
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}
