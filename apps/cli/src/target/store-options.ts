/** Where the store is and which definition it follows: by flag, environment or configuration file, as the server reads them. */
import { configurationOf } from '../../../server/src/index';

export interface StoreFlags {
  data?: string;
  server?: string;
  definition?: string;
  plays?: string;
  config?: string;
}

type StoreOptions = Pick<ReturnType<typeof configurationOf>, 'data' | 'definition' | 'plays' | 'cluster'>;

/** @throws ConfigurationRefused with every fault */
export function readStoreOptions(flags: StoreFlags): StoreOptions {
  const { data, definition, plays, config } = flags;
  return configurationOf({ data, definition, plays, config });
}
