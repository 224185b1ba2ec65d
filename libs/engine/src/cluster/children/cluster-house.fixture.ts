/** A whole cluster of real processes for a test: the log's server, the read models' server, and workers that come and go. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockingLogReader } from '@rapport/event-store';
import type { RapportEngine } from '../../rapport.types';
import type { ClusterOptions } from '../cluster.types';
import { openClusterRapport } from '../cluster-rapport';
import { openLog } from '../store/open-stores';
import { openSettings } from '../store/settings';
import { StoresThread } from '../threads/stores-thread';
import { Child } from './child.fixture';

/** A server of read models, and a database of its own for each house. */
export interface TestDatabase {
  settings(): { url: string; database: string };
}

export class ClusterHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'rapport-house-'));
  readonly workers: Child[] = [];
  private readonly apis: RapportEngine[] = [];
  private endpoint!: Child;
  private options!: ClusterOptions;

  private constructor(
    private readonly mongo: TestDatabase,
    private readonly given: Partial<ClusterOptions>,
  ) {}

  /** `prepare` may put a log into the folder before the server opens it. */
  static async open(
    mongo: TestDatabase,
    partitions: number,
    given: Partial<ClusterOptions> = {},
    prepare: (folder: string) => void = () => undefined,
  ): Promise<ClusterHouse> {
    const house = new ClusterHouse(mongo, given);
    prepare(house.folder);
    house.endpoint = new Child('endpoint-child', [house.folder, String(partitions), '0']);
    const port = await house.endpoint.ready();
    const { url, database } = mongo.settings();
    const mongoUrl = new URL(url);
    mongoUrl.pathname = `/${database}`;
    house.options = {
      eventStoreUrl: `esdb://127.0.0.1:${port}?tls=false`,
      mongoUrl: mongoUrl.toString(),
      ...{ data: join(house.folder, 'process'), partitions, leaseMs: 4_000, dispatch: 'off' },
      ...given,
    };
    return house;
  }

  get connection(): ClusterOptions {
    return this.options;
  }

  /** A worker in a process of its own; resolves when it runs. */
  async worker(more: Partial<ClusterOptions> = {}): Promise<Child> {
    const options: ClusterOptions = { ...this.options, roles: ['engine'], ...more };
    const child = new Child('cluster-child', [JSON.stringify(options)]);
    this.workers.push(child);
    await child.ready();
    return child;
  }

  /** A process without an engine, in this one. */
  async api(): Promise<RapportEngine> {
    const api = await openClusterRapport({ ...this.options, roles: ['api'] });
    this.apis.push(api);
    return api;
  }

  /** Resolves when the read models show everything that the log holds. */
  async shown(api: RapportEngine): Promise<void> {
    for (let waited = 0; ; waited += 100) {
      const { partitions = [], head, readModels } = api.status();
      const owned = partitions.every((own) => own.owner !== '' && own.lagEvents === 0);
      if (partitions.length > 0 && owned && readModels >= head) return;
      if (waited > 60_000)
        throw new Error(`${JSON.stringify(api.status())} ${this.workers.map((worker) => worker.errors).join('\n')}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** The log as the cluster reads it. The server keeps it in a form of its own. */
  async log<T>(ask: (log: BlockingLogReader) => T | Promise<T>): Promise<T> {
    const store = await openLog(this.options, () => undefined);
    const meta = await openSettings(store, undefined);
    await store.close();
    const stores = await StoresThread.start({ connection: this.options, meta }, () => undefined);
    const reader = new BlockingLogReader(stores.line());
    try {
      return await ask(reader);
    } finally {
      reader.close();
      await stores.stop();
    }
  }

  /** Everything but the folder and the read models. */
  async stop(): Promise<void> {
    for (const api of this.apis.splice(0)) await api.close();
    for (const worker of this.workers.splice(0)) await worker.stop();
    await this.endpoint.stop();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
