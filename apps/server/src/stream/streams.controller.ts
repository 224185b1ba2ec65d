import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { PARAMETERS } from '../http/validation';
import type { Axis } from './change-frames';
import { LiveStreams } from './live-streams';
import { EngagementStreamParameters, StageStreamParameters, startOf } from './stream-parameters';

/** The live feeds of changes (Server-Sent Events), read from the log: resumable, in its order, at least once. */
@Controller('v1')
export class StreamsController {
  constructor(
    @Inject(ENGINE) private readonly engine: RapportEngine,
    private readonly streams: LiveStreams,
  ) {}

  @Get('stage-changes/stream')
  stages(
    @Query(PARAMETERS) asked: StageStreamParameters,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    this.open('stage', asked, lastEventId, reply);
  }

  @Get('engagement-changes/stream')
  engagements(
    @Query(PARAMETERS) asked: EngagementStreamParameters,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    this.open('engagement', asked, lastEventId, reply);
  }

  private open(
    axis: Axis,
    asked: StageStreamParameters | EngagementStreamParameters,
    lastEventId: string | undefined,
    reply: FastifyReply,
  ): void {
    const start = startOf(asked, lastEventId, this.engine.status().head);
    const to = asked.to === undefined ? undefined : new Set(asked.to);
    this.streams.open(reply, { axis, to, customerId: asked.customerId, chains: asked.chains }, start);
  }
}
