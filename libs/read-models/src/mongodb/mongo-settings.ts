/** What every thread may know of a MongoDB without loading its driver, which takes a tenth of a second. */

export interface MongoSettings {
  /** mongodb:// or mongodb+srv://, with credentials and TLS as the driver takes them. */
  url: string;
  database: string;
  /** How long a server is looked for before a request fails; absent = SELECT_SERVER_MS. */
  selectServerMs?: number;
}

/** The server cannot be used: what is wrong and how to mend it. */
export class MongoServerUnfit extends Error {}
