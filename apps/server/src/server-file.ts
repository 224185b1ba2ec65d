/** `server.json` in the store's folder: how a command line on this machine finds the running server. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ServerFile {
  pid: number;
  url: string;
  startedAt: string;
}

const path = (data: string): string => join(data, 'server.json');

export function writeServerFile(data: string, url: string): void {
  const content: ServerFile = { pid: process.pid, url, startedAt: new Date().toISOString() };
  // By a rename: who looks sees no file or a whole one.
  const fresh = `${path(data)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(content)}\n`);
  renameSync(fresh, path(data));
}

/** Removes the file if it is ours: a server that started after us has written its own. */
export function removeServerFile(data: string): void {
  if (readServerFile(data)?.pid === process.pid) rmSync(path(data), { force: true });
}

/** What the folder says about a running server; undefined where it says nothing that can be read. The process may be gone. */
export function readServerFile(data: string): ServerFile | undefined {
  let text: string;
  try {
    text = readFileSync(path(data), 'utf8');
  } catch {
    return undefined;
  }
  return parseServerFile(text);
}

function parseServerFile(text: string): ServerFile | undefined {
  try {
    const { pid, url, startedAt } = JSON.parse(text) as Partial<ServerFile>;
    if (typeof pid !== 'number' || typeof url !== 'string' || typeof startedAt !== 'string') return undefined;
    return { pid, url, startedAt };
  } catch {
    // A torn write: the server that wrote it died on the way, so there is none to find.
    return undefined;
  }
}
