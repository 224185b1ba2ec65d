/** What plays and channels share when they are paused and go on. */
import { applyDecorators, HttpCode, Inject, Injectable, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { sendStored } from '../commands/control-answer';
import { ENGINE } from '../engine.token';
import { Problem } from '../http/problem';
import { notStored } from '../ingest/touchpoints.route';
import { Ask } from '../queries/ask.query';
import type { Pause } from './pause.command';
import { unknown } from './play-answers';

/** A command makes nothing that has a URL of its own: 200, not 201. */
export const PostCommand = (path: string): MethodDecorator => applyDecorators(Post(path), HttpCode(200));

@Injectable()
export class Pausing {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    @Inject(ENGINE) private readonly engine: RapportEngine,
  ) {}

  /** A play that nobody knows is not paused: the pause would stand in every partition for nothing. */
  async do(reply: FastifyReply, pause: Pause, prefer: string | undefined): Promise<void> {
    if (pause.what === 'play') await this.checkKnown(pause.name);
    const answer = await this.commands.execute(pause);
    if (!answer.ok)
      throw answer.reason === 'unknownPlay' ? new Problem('unknownPlay', answer.detail) : notStored(answer);
    await sendStored(this.engine, reply, answer, prefer);
  }

  private async checkKnown(play: string): Promise<void> {
    const { found, position } = await this.queries.execute(new Ask({ name: 'play', params: { play } }));
    if (!found) throw unknown('unknownPlay', play, position);
  }
}
