import { Body, Controller, Get, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';
import { Problem } from '../http/problem';
import { JsonBody, PARAMETERS } from '../http/validation';
import { notStored } from '../ingest/touchpoints.route';
import { ByBody } from '../plays/play-bodies';
import { NoParameters } from '../queries/list-parameters';
import { Arm } from './arm.command';
import { EffectsBody } from './effects-body';
import { armView, effectsView } from './effects-view';
import { SetEffects } from './set-effects.command';

/** The switch of everything that leaves the machine. */
@Controller('v1')
export class EffectsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: RapportEngine,
  ) {}

  @Get('effects')
  effects(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    send(reply, effectsView(this.engine));
  }

  @Post('effects')
  @HttpCode(200)
  async setEffects(
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) body: EffectsBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (body.all === undefined && body.channels === undefined) throw saysNothing();
    const answer = await this.commands.execute(new SetEffects(body));
    if (!answer.ok) throw notStored(answer);
    send(reply, effectsView(this.engine, answer.position));
  }

  @Get('arm')
  armed(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    send(reply, armView(this.engine));
  }

  @Post('arm')
  @HttpCode(200)
  async arm(
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.commands.execute(new Arm(by));
    if (!answer.ok) throw notStored(answer);
    send(reply, armView(this.engine, answer.position));
  }
}

function send(reply: FastifyReply, view: { position: number }): void {
  sendJson(reply, 200, JSON.stringify(view), view.position);
}

function saysNothing(): Problem {
  const detail = 'must say all, or channels, or both; {"all":"off"} stops everything at once';
  return new Problem('invalidBody', `#: ${detail}`, { errors: [{ pointer: '#', detail, code: 'invalid' }] });
}
