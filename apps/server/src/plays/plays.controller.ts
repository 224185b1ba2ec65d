import { Body, Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Query as EngineQuery, QueryAnswer } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import type { FastifyReply } from 'fastify';
import { JsonBody, PARAMETERS } from '../http/validation';
import { Ask, sendAnswer } from '../queries/ask.query';
import { NoParameters } from '../queries/list-parameters';
import { CommandPlay } from './command-play.command';
import { Pause } from './pause.command';
import { Pausing, PostCommand } from './pausing';
import { commanded, sendCommanded, sendFound } from './play-answers';
import { ByBody, EnrolBody, StopBody } from './play-bodies';
import { EnrolmentsParameters, PlayPath } from './play-parameters';

/** Plays, who is enrolled in them, and what people do with them by hand. */
@Controller('v1')
export class PlaysController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly pausing: Pausing,
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

  @PostCommand('plays/:play/pause')
  pausePlay(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pausing.do(reply, new Pause('play', play, true, by), prefer);
  }

  @PostCommand('plays/:play/resume')
  resumePlay(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { by }: ByBody,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pausing.do(reply, new Pause('play', play, false, by), prefer);
  }

  @PostCommand('plays/:play/enrolments')
  enrol(
    @Param(PARAMETERS) { play }: PlayPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { customerId, override, ...who }: EnrolBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, customerId, { ...commanded(who), command: 'enrol', play, override });
  }

  @PostCommand('plays/:play/enrolments/stop')
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

  private async command(reply: FastifyReply, customerId: string, command: PlayCommand): Promise<void> {
    sendCommanded(reply, customerId, await this.commands.execute(new CommandPlay(customerId, command)));
  }

  private ask(query: EngineQuery): Promise<QueryAnswer> {
    return this.queries.execute(new Ask(query));
  }
}
