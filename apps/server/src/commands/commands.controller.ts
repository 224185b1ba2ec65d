import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { Problem } from '../http/problem';
import { JsonBody, PARAMETERS } from '../http/validation';
import { notStored } from '../ingest/touchpoints.route';
import { NoParameters, ParkedPath } from '../queries/list-parameters';
import { ClockBody, SettleBody } from './command-bodies';
import { sendStored, type Stored } from './control-answer';
import { JudgeClock } from './judge-clock.command';
import { RetryParked } from './retry-parked.command';
import { SettleHistory } from './settle-history.command';

/** What people command. Each answers once the command is on disk; with `Prefer: wait` once the read models show its result. */
@Controller('v1')
export class CommandsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: RapportEngine,
  ) {}

  @Post('history/settle')
  @HttpCode(200)
  async settle(
    @Body(new JsonBody()) { customerIds }: SettleBody,
    @Query(PARAMETERS) _none: NoParameters,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendStored(this.engine, reply, stored(await this.commands.execute(new SettleHistory(customerIds))), prefer);
  }

  @Post('parked/:position/retry')
  @HttpCode(200)
  async retry(
    @Param(PARAMETERS) { position }: ParkedPath,
    @Query(PARAMETERS) _none: NoParameters,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.commands.execute(new RetryParked(position));
    if (!answer.ok && answer.reason === 'notParked') {
      throw new Problem('notParked', `Nothing is parked at position ${position}. GET /v1/parked lists what is.`);
    }
    await sendStored(this.engine, reply, stored(answer), prefer);
  }

  @Post('clock')
  @HttpCode(200)
  async clock(
    @Body(new JsonBody()) { believe }: ClockBody,
    @Query(PARAMETERS) _none: NoParameters,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendStored(this.engine, reply, stored(await this.commands.execute(new JudgeClock(believe))), prefer);
  }
}

function stored(answer: IngestAnswer | { ok: false; reason: 'notParked' }): Stored {
  if (answer.ok) return answer;
  if (answer.reason === 'notParked') throw new Problem('notParked', 'Nothing is parked there.');
  throw notStored(answer);
}
