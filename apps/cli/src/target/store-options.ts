/** Where the store is and which definition it follows: by flag, environment or configuration file, as the server reads them. */
import { configurationOf } from '../../../server/src/index';

export interface StoreFlags {
  data?: string;
  server?: string;
  definition?: string;
  config?: string;
}

/** @throws ConfigurationRefused with every fault */
export function readStoreOptions({ data, definition, config }: StoreFlags): { data: string; definition?: string } {
  return configurationOf({ data, definition, config });
}
