import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { CONFIGURATION } from '../config/configuration';
import type { ServerConfiguration } from '../config/configuration';
import { SSE_HEARTBEAT_MS, SSE_RETRY_MS } from '../config/limits';
import { ENGINE } from '../engine.token';
import { tryLater } from '../http/problem';
import { FrameCache } from './frame-cache';
import { Subscriber } from './subscriber';
import type { Wanted } from './subscriber';

/** All the live streams of this process: how many there may be, their heartbeat, and their end at shutdown. */
@Injectable()
export class LiveStreams implements OnModuleDestroy {
  private readonly subscribers = new Set<Subscriber>();
  private readonly frames = new FrameCache();
  private readonly heartbeat: NodeJS.Timeout;
  private closed = false;

  constructor(
    @Inject(ENGINE) private readonly engine: RapportEngine,
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
  ) {
    this.heartbeat = setInterval(() => this.beat(), SSE_HEARTBEAT_MS).unref();
  }

  get count(): number {
    return this.subscribers.size;
  }

  /** Takes the reply over and streams to it. Throws a problem where there is no room. */
  open(reply: FastifyReply, wanted: Wanted, start: number): void {
    const { sseClientsMax, sseBufferBytesMax } = this.configuration.limits;
    if (this.closed || this.subscribers.size >= sseClientsMax) {
      throw tryLater(
        'unavailable',
        `There are ${this.subscribers.size} live streams; more are not served.`,
        SSE_RETRY_MS / 1_000,
      );
    }
    reply.hijack();
    const subscriber = new Subscriber(reply.raw, wanted, start, {
      engine: this.engine,
      frames: this.frames,
      bufferBytesMax: sseBufferBytesMax,
      gone: (ended) => this.subscribers.delete(ended),
    });
    this.subscribers.add(subscriber);
    subscriber.start();
  }

  onModuleDestroy(): void {
    this.endAll();
  }

  endAll(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    for (const subscriber of [...this.subscribers]) subscriber.end();
  }

  private beat(): void {
    const now = Date.now();
    for (const subscriber of [...this.subscribers]) subscriber.beat(now);
  }
}
