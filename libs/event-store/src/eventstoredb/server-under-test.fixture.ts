/** The server that the specs of the adapter run against: EVENTSTORE_URL if set, else the protocol endpoint over a fresh embedded store. */
import { randomBytes } from 'node:crypto';

import type { StoreUnderTest } from '../event-store.contract';
import type { EventStore } from '../event-store';
import { FreshView } from '../contract/fresh-view';
import { openTestEndpoint } from '../eventstore-endpoint/endpoint.fixture';
import { openEventStoreDb } from './open-eventstoredb';
import { TcpProxy } from './tcp-proxy.fixture';

export interface ServerUnderTest {
  url: string;
  close(): Promise<void>;
}

/** @param url of a real server; undefined = the endpoint. */
export async function serverUnderTest(url: string | undefined): Promise<ServerUnderTest> {
  if (url !== undefined) return { url, close: () => Promise.resolve() };
  const endpoint = await openTestEndpoint();
  return { url: endpoint.url, close: () => endpoint.close() };
}

/** A store for one test of the contract: the server is shared, so it sees only what comes from now on, in streams of its own. */
export async function freshStore(url: string): Promise<StoreUnderTest> {
  let store = await openEventStoreDb({ url });
  const prefix = `test-${randomBytes(6).toString('hex')}-`;
  const base = await store.head();
  const view = (): EventStore => new FreshView(store, prefix, base);
  return {
    store: view(),
    reopen: async () => {
      await store.close();
      store = await openEventStoreDb({ url });
      return view();
    },
    remove: () => store.close(),
    positions: 'ascending',
  };
}

/** Where a connection string of one node, without TLS, goes; undefined for any other. */
function plainTarget(url: string): { host: string; port: number } | undefined {
  const [, host, port] = /^esdb:\/\/(?:[^@/]*@)?([^:/?,]+):(\d+)\/?\?(?:.*&)?tls=false/.exec(url) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** A proxy before the server, and the connection string that leads through it. */
export async function throughProxy(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const target = plainTarget(url);
  if (target === undefined) throw new Error(`Faults need one node without TLS, not ${url.replace(/\/\/.*@/, '//')}.`);
  const proxy = await TcpProxy.before(target);
  return { proxy, url: url.replace(`${target.host}:${target.port}`, `127.0.0.1:${proxy.port}`) };
}
