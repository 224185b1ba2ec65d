import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Query as EngineQuery, QueryAnswer, RapportEngine } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import type { FastifyReply } from 'fastify';
import { sendStored } from '../commands/control-answer';
import { ENGINE } from '../engine.token';
import { Problem } from '../http/problem';
import { JsonBody, PARAMETERS } from '../http/validation';
import { notStored } from '../ingest/touchpoints.route';
import { Ask, sendAnswer } from '../queries/ask.query';
import { NoParameters } from '../queries/list-parameters';
import { CommandPlay } from './command-play.command';
import { Pause } from './pause.command';
import { commanded, sendCommanded, sendFound, unknown } from './play-answers';
import { ByBody, EnrolBody, StopBody } from './play-bodies';
import { ChannelPath, EnrolmentsParameters, PlayPath } from './play-parameters';

/** Plays, who is enrolled in them, and what people do with them by hand. */
@Controller('v1')
export class PlaysController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: RapportEngine,
  ) {}

  @Get('plays')
  async list(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.ask({ name: 'plays', params: {} }));
  }

  @Get('plays/:play')
  async one(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendFound(reply, await this.ask({ name: 'play', params: { play } }), 'unknownPlay', play);
  }

  @Post('plays/:play/pause')
  @HttpCode(200)
  pausePlay(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pauseKnown(reply, new Pause('play', play, true, by), prefer);
  }

  @Post('plays/:play/resume')
  @HttpCode(200)
  resumePlay(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pauseKnown(reply, new Pause('play', play, false, by), prefer);
  }

  @Post('plays/:play/enrolments')
  @HttpCode(200)
  enrol(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { customerId, override, ...who }: EnrolBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, customerId, { ...commanded(who), command: 'enrol', play, override });
  }

  @Post('plays/:play/enrolments/stop')
  @HttpCode(200)
  stop(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { customerId, reason, ...who }: StopBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, customerId, { ...commanded(who), command: 'stop', play, reason });
  }

  @Get('enrolments')
  async enrolments(@Query(PARAMETERS) asked: EnrolmentsParameters, @Res() reply: FastifyReply): Promise<void> {
    const { customerId, play, phase, limit, cursor } = asked;
    const answer = await this.ask({ name: 'enrolments', params: { customerId, play, phase, limit, cursor } });
    sendFound(reply, answer, 'unknownCustomer', customerId ?? '');
  }

  @Post('channels/:channel/pause')
  @HttpCode(200)
  pauseChannel(
    @Param(PARAMETERS) { channel }: ChannelPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pause(reply, new Pause('channel', channel, true, by), prefer);
  }

  @Post('channels/:channel/resume')
  @HttpCode(200)
  resumeChannel(
    @Param(PARAMETERS) { channel }: ChannelPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pause(reply, new Pause('channel', channel, false, by), prefer);
  }

  /** A play that nobody knows is not paused: the pause would stand in every partition for nothing. */
  private async pauseKnown(reply: FastifyReply, command: Pause, prefer: string | undefined): Promise<void> {
    const { found, position } = await this.ask({ name: 'play', params: { play: command.name } });
    if (!found) throw unknown('unknownPlay', command.name, position);
    await this.pause(reply, command, prefer);
  }

  private async pause(reply: FastifyReply, command: Pause, prefer: string | undefined): Promise<void> {
    const answer = await this.commands.execute(command);
    if (!answer.ok)
      throw answer.reason === 'unknownPlay' ? new Problem('unknownPlay', answer.detail) : notStored(answer);
    await sendStored(this.engine, reply, answer, prefer);
  }

  private async command(reply: FastifyReply, customerId: string, command: PlayCommand): Promise<void> {
    sendCommanded(reply, customerId, await this.commands.execute(new CommandPlay(customerId, command)));
  }

  private ask(query: EngineQuery): Promise<QueryAnswer> {
    return this.queries.execute(new Ask(query));
  }
}
