import { Inject } from '@nestjs/common';
import { Query as CqrsQuery, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { Query, QueryAnswer, RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';

/** Any question to the read models; the engine's types say which there are. */
export class Ask extends CqrsQuery<QueryAnswer> {
  constructor(readonly query: Query) {
    super();
  }
}

@QueryHandler(Ask)
export class AskHandler implements IQueryHandler<Ask> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ query }: Ask): Promise<QueryAnswer> {
    return this.engine.query(query);
  }
}

export function sendAnswer(reply: FastifyReply, answer: QueryAnswer): void {
  sendJson(reply, 200, answer.json, answer.position);
}
