/** One POST to a destination that may be hostile: its address is pinned, redirects are not followed, its answer is bounded. */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Attempted } from '../channel.types';
import type { AddressGuard } from './address-guard';
import { DestinationRefused, type Resolve, resolveByDns, targetOf, type Target } from './destination';
import { attemptedOf } from './status';

/** Of an answer so much is read, so that the connection can be used again; the rest, and the connection, are dropped. */
export const ANSWER_BYTES_MAX = 64 * 1024;
export const ANSWER_BODY_MS_MAX = 2_000;
export const CONNECT_MS_MAX = 5_000;
const IDLE_SOCKETS_MAX = 16;
const IDLE_SOCKET_MS = 10_000;

export interface Post {
  url: string;
  headers: { [name: string]: string };
  body: string;
  signal: AbortSignal;
}

export class HttpPoster {
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX, timeout: IDLE_SOCKET_MS }),
    'https:': new HttpsAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX, timeout: IDLE_SOCKET_MS }),
  };

  constructor(
    private readonly guard: AddressGuard,
    private readonly resolve: Resolve = resolveByDns,
  ) {}

  /** Never rejects: what the world does is an Attempted. Nothing of the URL, the headers or the answer's body stands in it. */
  async post(post: Post): Promise<Attempted> {
    let target: Target;
    try {
      target = await targetOf(post.url, this.guard, this.resolve);
    } catch (error) {
      if (error instanceof DestinationRefused) return { result: 'failed', detail: error.message };
      return { result: 'retry', detail: `name not resolved: ${codeOf(error)}` };
    }
    return this.send(target, post);
  }

  close(): void {
    this.agents['http:'].destroy();
    this.agents['https:'].destroy();
  }

  private send({ url, address }: Target, { headers, body, signal }: Post): Promise<Attempted> {
    return new Promise((resolve) => {
      const secure = url.protocol === 'https:';
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const bytes = Buffer.from(body);
      const options = {
        method: 'POST',
        host: address,
        port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
        path: url.pathname + url.search,
        headers: { ...headers, host: url.host, 'content-length': String(bytes.length), 'user-agent': 'rapport' },
        agent: this.agents[secure ? 'https:' : 'http:'],
        signal,
        ...(secure && !isIP(host) && { servername: host }),
      };
      const request = secure ? httpsRequest(options) : httpRequest(options);
      const connected = watchConnection(request);
      request.on('response', (response) => {
        drain(response);
        resolve(attemptedOf(response.statusCode ?? 0, response.headers['retry-after'], Date.now()));
      });
      request.on('error', (error) => {
        // Before the connection stood nothing can have arrived.
        const detail = connected() ? `no answer: ${codeOf(error)}` : `not connected: ${codeOf(error)}`;
        resolve({ result: connected() ? 'inDoubt' : 'retry', detail });
      });
      request.end(bytes);
    });
  }
}

function watchConnection(request: ClientRequest): () => boolean {
  let connected = false;
  request.on('socket', (socket: Socket & Partial<TLSSocket>) => {
    if (!socket.connecting) {
      connected = true;
      return;
    }
    const limit = setTimeout(() => socket.destroy(new ConnectTimeout()), CONNECT_MS_MAX);
    const stop = (): void => clearTimeout(limit);
    socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => {
      connected = true;
      stop();
    });
    socket.once('close', stop);
  });
  return () => connected;
}

class ConnectTimeout extends Error {
  readonly code = 'ECONNTIMEOUT';
}

/** The status is the answer. What follows may be endless, slow or cut off: it changes nothing. */
function drain(response: IncomingMessage): void {
  let bytes = 0;
  const limit = setTimeout(() => response.destroy(), ANSWER_BODY_MS_MAX);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) response.destroy();
  });
  response.on('error', () => clearTimeout(limit));
  response.on('close', () => clearTimeout(limit));
}

/** Error codes name no address; messages do. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}
