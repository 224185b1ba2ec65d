import { Body, Controller, Get, Param, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Query as EngineQuery, QueryAnswer } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import type { FastifyReply } from 'fastify';
import { JsonBody, PARAMETERS } from '../http/validation';
import { Ask } from '../queries/ask.query';
import { NoParameters } from '../queries/list-parameters';
import { CommandPlay } from './command-play.command';
import { PostCommand } from './pausing';
import { commanded, sendCommanded, sendFound, unknown } from './play-answers';
import { ClaimBody, CommandBody, FinishBody, ReassignBody, ResolveBody, RetryBody } from './play-bodies';
import { ActionPath, ActionsParameters, actionsParams, TasksParameters, tasksParams } from './play-parameters';

/** What plays asked for, and the part of it that waits for a human. */
@Controller('v1')
export class ActionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get('actions')
  async actions(@Query(PARAMETERS) asked: ActionsParameters, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.ask({ name: 'actions', params: actionsParams(asked) });
    sendFound(reply, answer, 'unknownCustomer', asked.customerId ?? '');
  }

  @Get('tasks')
  async tasks(@Query(PARAMETERS) asked: TasksParameters, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.ask({ name: 'actions', params: tasksParams(asked) });
    sendFound(reply, answer, 'unknownCustomer', asked.customerId ?? '');
  }

  @Get('actions/:action')
  async action(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendFound(reply, await this.ask({ name: 'action', params: { action } }), 'unknownAction', action);
  }

  @PostCommand('actions/:action/retry')
  retry(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { override, reason, ...who }: RetryBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(who), command: 'retry', action, override, reason });
  }

  @PostCommand('actions/:action/resolve')
  resolve(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { delivered, at, reason, ...who }: ResolveBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(who), command: 'resolve', action, delivered, at, reason });
  }

  @PostCommand('tasks/:action/claim')
  claim(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) body: ClaimBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(body), command: 'claim', action, for: body.for });
  }

  @PostCommand('tasks/:action/give-back')
  giveBack(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) who: CommandBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(who), command: 'giveBack', action });
  }

  @PostCommand('tasks/:action/reassign')
  reassign(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { team, to, ...who }: ReassignBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(who), command: 'reassign', action, team, to });
  }

  @PostCommand('tasks/:action/finish')
  finish(
    @Param(PARAMETERS) { action }: ActionPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Body(new JsonBody()) { outcome, note, ...who }: FinishBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.command(reply, action, { ...commanded(who), command: 'finish', action, outcome, note });
  }

  /** Commands are the customer's: whose action it is stands in the read models. */
  private async command(reply: FastifyReply, action: string, command: PlayCommand): Promise<void> {
    const known = await this.ask({ name: 'action', params: { action } });
    if (!known.found) throw unknown('unknownAction', action, known.position);
    const { customerId } = JSON.parse(known.json) as { customerId: string };
    sendCommanded(reply, customerId, await this.commands.execute(new CommandPlay(customerId, command)));
  }

  private ask(query: EngineQuery): Promise<QueryAnswer> {
    return this.queries.execute(new Ask(query));
  }
}
