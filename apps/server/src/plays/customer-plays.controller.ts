import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Query as EngineQuery, QueryAnswer } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { PARAMETERS } from '../http/validation';
import { Ask } from '../queries/ask.query';
import { CustomerPath, NoParameters } from '../queries/list-parameters';
import { sendFound, unknown } from './play-answers';
import { CustomerEnrolmentsParameters, WhyNotParameters } from './play-parameters';

/** What plays have to say of one customer. */
@Controller('v1/customers')
export class CustomerPlaysController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':customerId/enrolments')
  async enrolments(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) { play, phase, limit, cursor }: CustomerEnrolmentsParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const params = { customerId, play, phase, limit, cursor };
    sendFound(reply, await this.ask({ name: 'enrolments', params }), 'unknownCustomer', customerId);
  }

  @Get(':customerId/ledger')
  async ledger(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendFound(reply, await this.ask({ name: 'ledger', params: { customerId } }), 'unknownCustomer', customerId);
  }

  @Get(':customerId/why-not')
  async whyNot(
    @Param(PARAMETERS) { customerId }: CustomerPath,
    @Query(PARAMETERS) { play }: WhyNotParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.ask({ name: 'whyNot', params: { customerId, play } });
    // Either of the two may be unknown: the answer says which.
    if (!answer.found) {
      const customer = await this.ask({ name: 'customer', params: { customerId } });
      if (!customer.found) throw unknown('unknownCustomer', customerId, customer.position);
    }
    sendFound(reply, answer, 'unknownPlay', play);
  }

  private ask(query: EngineQuery): Promise<QueryAnswer> {
    return this.queries.execute(new Ask(query));
  }
}
