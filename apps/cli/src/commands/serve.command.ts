/** `rapport serve`: the server on an existing or new store, until it is told to stop. */
import { serveUntilStopped } from '../../../server/src/index';

export interface ServeFlags {
  port?: string;
  host?: string;
  data?: string;
  definition?: string;
  config?: string;
  allowRemote?: boolean;
  allowedHosts?: string;
  logLevel?: string;
}

export function serve(flags: ServeFlags): Promise<number> {
  return serveUntilStopped({ ...flags });
}
