import { readFileSync } from 'node:fs';
import { DefinitionRefused } from '@rapport/engine';
import { StoreRefused } from '@rapport/event-store';
import { ConfigurationRefused } from './config/configuration';
import { readConfiguration } from './config/read-configuration';
import type { Flags } from './config/sources';
import { CannotListen, startServer } from './start-server';
import type { RunningServer } from './start-server';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const EXIT_CONFLICT = 5;
const EXIT_INTERRUPTED = 130;

/** The configuration from flags, this process's environment and files. The only place of the server that reads process.env. */
export function configurationOf(flags: Flags): ReturnType<typeof readConfiguration> {
  return readConfiguration(flags, process.env, readIfThere);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Starts, serves until SIGTERM or SIGINT, and resolves with the exit code. A second signal ends the process at once. */
export async function serveUntilStopped(flags: Flags, started?: (server: RunningServer) => void): Promise<number> {
  try {
    const server = await startServer(configurationOf(flags));
    started?.(server);
    await stopSignal();
    await server.close();
    return 0;
  } catch (error) {
    return explain(error);
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(EXIT_INTERRUPTED);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
  });
}

/** Faults that the operator can mend are said without a stack. */
function explain(error: unknown): number {
  const mendable =
    error instanceof ConfigurationRefused ||
    error instanceof DefinitionRefused ||
    error instanceof StoreRefused ||
    error instanceof CannotListen;
  const text = error instanceof Error ? (mendable ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  if (error instanceof StoreRefused) return EXIT_CONFLICT;
  return mendable ? EXIT_USAGE : EXIT_FAILURE;
}
