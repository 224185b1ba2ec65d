import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Query as EngineQuery } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problem';
import { PARAMETERS } from '../http/validation';
import { sendFound } from '../plays/play-answers';
import { Ask, sendAnswer } from './ask.query';
import {
  changesParams,
  DecisionsParameters,
  EngagementChangesParameters,
  ListParameters,
  NoParameters,
  ReportParameters,
  StageChangesParameters,
  StandingParameters,
} from './list-parameters';

/** What is true of everybody: changes, counts, the report, the definition, what is parked. */
@Controller('v1')
export class JourneysController {
  constructor(private readonly queries: QueryBus) {}

  @Get('stage-changes')
  stageChanges(@Query(PARAMETERS) asked: StageChangesParameters, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, { name: 'changes', params: changesParams('stage', asked) });
  }

  @Get('engagement-changes')
  engagementChanges(@Query(PARAMETERS) asked: EngagementChangesParameters, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, { name: 'changes', params: changesParams('engagement', asked) });
  }

  @Get('decisions')
  async decisions(@Query(PARAMETERS) asked: DecisionsParameters, @Res() reply: FastifyReply): Promise<void> {
    const { type, play, customerId, after, limit, cursor } = asked;
    const query = { name: 'decisions', params: { type, play, customerId, after, limit, cursor } } as const;
    sendFound(reply, await this.queries.execute(new Ask(query)), 'unknownCustomer', customerId ?? '');
  }

  @Get('stages/report')
  report(@Query(PARAMETERS) { from, until }: ReportParameters, @Res() reply: FastifyReply): Promise<void> {
    if (from >= until) throw backwards();
    return this.answer(reply, { name: 'stagesReport', params: { from, until } });
  }

  @Get('stages/standing')
  standing(@Query(PARAMETERS) asked: StandingParameters, @Res() reply: FastifyReply): Promise<void> {
    const { stage, before, limit, cursor } = asked;
    return this.answer(reply, { name: 'standing', params: { stage, before, limit, cursor } });
  }

  @Get('counts')
  counts(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, { name: 'counts', params: {} });
  }

  @Get('definition')
  definition(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, { name: 'definition', params: {} });
  }

  @Get('parked')
  parked(@Query(PARAMETERS) { limit, cursor }: ListParameters, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, { name: 'parked', params: { limit, cursor } });
  }

  private async answer(reply: FastifyReply, query: EngineQuery): Promise<void> {
    sendAnswer(reply, await this.queries.execute(new Ask(query)));
  }
}

function backwards(): Problem {
  const detail = 'must be later than "from": the period is from (included) until (excluded)';
  return new Problem('invalidParameter', `until: ${detail}`, { errors: [{ pointer: 'until', detail, code: 'order' }] });
}
