import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';
import { PARAMETERS } from '../http/validation';
import { NoParameters } from '../queries/list-parameters';
import { statusView } from './status-view';

@Controller('v1/status')
export class StatusController {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  @Get()
  status(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    const view = statusView(this.engine);
    sendJson(reply, 200, JSON.stringify(view), view.position);
  }
}
