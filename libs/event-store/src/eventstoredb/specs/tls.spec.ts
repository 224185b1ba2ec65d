/** TLS as the connection string says it: a front of TLS before the endpoint, with a certificate made for this run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

import { request, texts } from '../../contract/contract-events';
import { openTestEndpoint, type TestEndpoint } from '../../eventstore-endpoint/endpoint.fixture';
import { openEventStoreDb } from '../open-eventstoredb';

describe('the adapter over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-tls-'));
  const file = (name: string) => join(folder, name);
  let endpoint: TestEndpoint;
  let front: Server;
  let host: string;

  beforeAll(async () => {
    for (const name of ['server', 'stranger']) makeCertificate(file(`${name}.key`), file(`${name}.crt`));
    endpoint = await openTestEndpoint();
    const { port } = new URL(endpoint.url.replace('esdb:', 'http:'));
    const keys = { key: readFileSync(file('server.key')), cert: readFileSync(file('server.crt')) };
    front = createServer({ ...keys, ALPNProtocols: ['h2'] }, (socket) => {
      const behind = connect(Number(port), '127.0.0.1');
      for (const end of [socket, behind]) end.on('error', () => [socket, behind].forEach((each) => each.destroy()));
      socket.pipe(behind).pipe(socket);
    });
    front.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    host = `localhost:${(front.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => front.close(resolve));
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('appends, reads and follows with the authority of the connection string, and a user', async () => {
    const ca = encodeURIComponent(file('server.crt'));
    const store = await openEventStoreDb({ url: `esdb://admin:changeit@${host}?tls=true&tlsCAFile=${ca}` });
    expect(await store.append([request('a', 'noStream', 'x', 'y')])).toMatchObject([{ ok: true, firstRevision: 0 }]);
    expect(await texts(store.readStream('a'))).toEqual(['x', 'y']);
    for await (const message of store.followStream('a', 0)) {
      expect(message).toMatchObject({ kind: 'event', event: { revision: 1 } });
      break;
    }
    await store.close();
  });

  it('does not talk to a server that somebody else vouches for', async () => {
    const ca = encodeURIComponent(file('stranger.crt'));
    const timeouts = { startMs: 500, readMs: 300 };
    await expect(openEventStoreDb({ url: `esdb://${host}?tls=true&tlsCAFile=${ca}`, timeouts })).rejects.toThrow(
      /did not get ready in 500 ms/,
    );
  });
});

function makeCertificate(key: string, certificate: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
    stdio: 'ignore',
  });
}
