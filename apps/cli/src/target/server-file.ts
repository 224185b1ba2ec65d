/** How a running server is found: it writes `server.json` {pid, url} into the folder of its store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SERVER_FILE = 'server.json';
const ALIVE_WAIT_MS_MAX = 2_000;

/** Address of the server that serves this store, if it answers. A file that a killed server left behind is no server. */
export async function runningServer(data: string): Promise<string | undefined> {
  const url = urlIn(join(data, SERVER_FILE));
  return url !== undefined && (await isAlive(url)) ? url : undefined;
}

export async function isAlive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(ALIVE_WAIT_MS_MAX) })).ok;
  } catch {
    return false;
  }
}

function urlIn(file: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url.replace(/\/$/, '') : undefined;
  } catch {
    return undefined;
  }
}
