import { Body, Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { channelsNow, type RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';
import { JsonBody, PARAMETERS } from '../http/validation';
import { NoParameters } from '../queries/list-parameters';
import { Pause } from './pause.command';
import { Pausing, PostCommand } from './pausing';
import { ByBody } from './play-bodies';
import { ChannelPath } from './play-parameters';

/** What messages leave by, and stopping it. */
@Controller('v1/channels')
export class ChannelsController {
  constructor(
    private readonly pausing: Pausing,
    @Inject(ENGINE) private readonly engine: RapportEngine,
  ) {}

  @Get()
  list(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    const now = channelsNow(this.engine);
    sendJson(reply, 200, JSON.stringify(now), now.position);
  }

  @PostCommand(':channel/pause')
  pause(
    @Param(PARAMETERS) { channel }: ChannelPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pausing.do(reply, new Pause('channel', channel, true, by), prefer);
  }

  @PostCommand(':channel/resume')
  resume(
    @Param(PARAMETERS) { channel }: ChannelPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pausing.do(reply, new Pause('channel', channel, false, by), prefer);
  }
}
