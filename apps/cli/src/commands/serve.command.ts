/** `rapport serve`: the server on an existing or new store, until it is told to stop. */
import { configurationOf, startServer } from '../../../server/src/index';
import { EXIT, type ExitCode } from '../exit-code';
import { interruptSignal } from '../output/interrupt';

export interface ServeFlags {
  port?: string;
  host?: string;
  data?: string;
  definition?: string;
  plays?: string;
  config?: string;
  allowRemote?: boolean;
  allowedHosts?: string;
  logLevel?: string;
  publicUrl?: string;
  allowAddresses?: string;
  eventstorePort?: string;
  eventstoreWrites?: boolean;
}

/** The server itself says in its log where it listens and stores, and that it stops. */
export async function serve(flags: ServeFlags): Promise<ExitCode> {
  const server = await startServer(configurationOf({ ...flags }));
  const signal = interruptSignal('Stopping: finishing what is under way. Ctrl-C again ends at once.');
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await server.close();
  return EXIT.ok;
}
