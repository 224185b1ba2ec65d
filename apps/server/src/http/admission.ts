/** Lets a request in, or says at once why not: before its body is read. */
import { LINK_PATH } from '@rapport/engine';
import type { FastifyRequest } from 'fastify';
import type { ServerLimits } from '../config/configuration';
import { RETRY_AFTER_SECONDS } from '../config/limits';
import type { HostGuard } from './host-guard';
import { Problem, tryLater } from './problem';

export class Admission {
  private requests = 0;
  private bodyBytes = 0;
  private readonly held = new WeakMap<object, number>();

  constructor(
    private readonly limits: ServerLimits,
    private readonly hosts: () => HostGuard | undefined,
  ) {}

  get requestsInFlight(): number {
    return this.requests;
  }

  /** A problem where the request is refused. Whatever was let in must leave by `release`. */
  admit(request: FastifyRequest): Problem | undefined {
    const headers = request.headers;
    const hosts = this.hosts();
    const isLink = request.url.startsWith(LINK_PATH);
    const foreign = isLink ? hosts?.checkLink(headers.host) : hosts?.check(headers.host, headers.origin);
    if (foreign !== undefined) return foreign;
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      return new Problem('unsupportedMediaType', 'A compressed body is not taken. Leave Content-Encoding out.');
    }
    const bytes = this.bytesOf(request);
    if (bytes > this.limits.bodyBytesMax) {
      return new Problem('bodyTooLarge', `The body has ${bytes} bytes; at most ${this.limits.bodyBytesMax} are taken.`);
    }
    return this.admitLoad(request, bytes);
  }

  private admitLoad(request: FastifyRequest, bytes: number): Problem | undefined {
    if (this.requests >= this.limits.requestsInFlightMax || this.bodyBytes + bytes > this.limits.bodyBytesInFlightMax) {
      return tryLater('overloaded', 'Too many requests are being answered at this moment.', RETRY_AFTER_SECONDS);
    }
    this.requests++;
    this.bodyBytes += bytes;
    this.held.set(request, bytes);
    return undefined;
  }

  release(request: FastifyRequest): void {
    const bytes = this.held.get(request);
    if (bytes === undefined) return;
    this.held.delete(request);
    this.requests--;
    this.bodyBytes -= bytes;
  }

  /** A body without a length counts as the greatest that is read of it. */
  private bytesOf(request: FastifyRequest): number {
    const length = request.headers['content-length'];
    if (length !== undefined) return Number(length);
    return request.headers['transfer-encoding'] === undefined ? 0 : this.limits.bodyBytesMax;
  }
}
