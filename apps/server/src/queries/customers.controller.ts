import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { QueryAnswer } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { POSITION_HEADER } from '../http/answers';
import { Problem } from '../http/problem';
import { PARAMETERS } from '../http/validation';
import { Ask, sendAnswer } from './ask.query';
import { CustomerPath, CustomersParameters, customersParams, ListParameters, NoParameters } from './list-parameters';

@Controller('v1/customers')
export class CustomersController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  async list(@Query(PARAMETERS) asked: CustomersParameters, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.queries.execute(new Ask({ name: 'customers', params: customersParams(asked) })));
  }

  @Get(':customerId')
  async one(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendKnown(reply, customerId, await this.queries.execute(new Ask({ name: 'customer', params: { customerId } })));
  }

  @Get(':customerId/timeline')
  async timeline(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) { limit, cursor }: ListParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const params = { customerId, limit, cursor };
    sendKnown(reply, customerId, await this.queries.execute(new Ask({ name: 'timeline', params })));
  }

  @Get(':customerId/why')
  async why(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendKnown(reply, customerId, await this.queries.execute(new Ask({ name: 'why', params: { customerId } })));
  }
}

function sendKnown(reply: FastifyReply, customerId: string, answer: QueryAnswer): void {
  if (answer.found) return sendAnswer(reply, answer);
  throw new Problem(
    'unknownCustomer',
    `There is no customer ${JSON.stringify(customerId)} up to position ${answer.position}. A touchpoint makes one.`,
    { headers: { [POSITION_HEADER]: String(answer.position) }, members: { position: answer.position } },
  );
}
