import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { PARAMETERS } from '../http/validation';
import { type Axis, typesOf } from './change-frames';
import { decisionTypes } from './decision-frames';
import { LiveStreams } from './live-streams';
import {
  DecisionStreamParameters,
  EngagementStreamParameters,
  StageStreamParameters,
  startOf,
} from './stream-parameters';

/** The live feeds of changes and of all decisions (Server-Sent Events), read from the log: resumable, in its order, at least once. */
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

  @Get('decisions/stream')
  decisions(
    @Query(PARAMETERS) asked: DecisionStreamParameters,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const { customerId, chains, type } = asked;
    const wanted = {
      told: 'decisions' as const,
      types: decisionTypes(type, chains),
      to: undefined,
      customerId,
      chains,
    };
    this.streams.open(reply, wanted, startOf(asked, lastEventId, this.engine.status().head));
  }

  private open(
    axis: Axis,
    asked: StageStreamParameters | EngagementStreamParameters,
    lastEventId: string | undefined,
    reply: FastifyReply,
  ): void {
    const start = startOf(asked, lastEventId, this.engine.status().head);
    const { customerId, chains } = asked;
    const to = asked.to === undefined ? undefined : new Set(asked.to);
    const wanted = { told: axis, types: typesOf(axis, chains), to, customerId, chains };
    this.streams.open(reply, wanted, start);
  }
}
