/** An endpoint on a fresh embedded store without an engine, for specs of clients: `await openTestEndpoint()`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqliteEventStore, type SqliteEventStore } from '../sqlite/sqlite-event-store';
import type { Endpoint, EndpointFaults, EndpointOptions } from './endpoint.types';
import { openEventStoreEndpoint } from './open-endpoint';

export interface TestEndpoint {
  /** For the client: `esdb://127.0.0.1:<port>?tls=false`. */
  url: string;
  store: SqliteEventStore;
  /** What goes wrong from now on; undefined = nothing. */
  faults: EndpointFaults | undefined;
  /** Ends the server and starts it again on the same store and port: everything that it held in memory is gone. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openTestEndpoint(options: Partial<EndpointOptions> = {}): Promise<TestEndpoint> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-endpoint-'));
  const under = new RunningEndpoint(folder, options);
  await under.start();
  return under;
}

class RunningEndpoint implements TestEndpoint {
  store!: SqliteEventStore;
  faults: EndpointFaults | undefined;
  private endpoint!: Endpoint;
  private port = 0;

  constructor(
    private readonly folder: string,
    private readonly options: Partial<EndpointOptions>,
  ) {}

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  async start(): Promise<void> {
    this.store = await openSqliteEventStore({ folder: this.folder });
    this.endpoint = await openEventStoreEndpoint({
      log: this.store,
      instanceId: this.store.meta.instanceId,
      host: '127.0.0.1',
      port: this.port,
      writes: { open: true, reserved: [] },
      faults: (method) => this.faults?.(method) ?? 'none',
      ...this.options,
    });
    this.port = this.endpoint.port;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async stop(): Promise<void> {
    await this.endpoint.close();
    await this.store.close();
  }
}
