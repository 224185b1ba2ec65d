import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { BadQuery } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problem';
import { PARAMETERS } from '../http/validation';
import { Ask } from '../queries/ask.query';
import { sendFound } from './play-answers';
import { PreviewParameters, TemplatePath } from './play-parameters';

/** What a template would say, without anything being sent. */
@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':template/preview')
  async preview(
    @Param(PARAMETERS) { template }: TemplatePath,
    @Query(PARAMETERS) { customerId, play }: PreviewParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = { name: 'preview', params: { template, customerId, play } } as const;
    const answer = await this.queries.execute(new Ask(query)).catch((error: unknown) => {
      const isUnknown = error instanceof BadQuery && error.parameter === 'template';
      throw isUnknown ? new Problem('unknownTemplate', `${error.message}.`) : error;
    });
    sendFound(reply, answer, 'unknownCustomer', customerId);
  }
}
