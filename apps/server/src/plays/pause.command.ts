import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { PauseAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';

/** Pause (or resume) a play: its triggers are recorded as withheld. Or a channel: its dispatch stops, no decision changes. */
export class Pause extends Command<PauseAnswer> {
  constructor(
    readonly what: 'play' | 'channel',
    readonly name: string,
    readonly paused: boolean,
    readonly by: string,
  ) {
    super();
  }
}

@CommandHandler(Pause)
export class PauseHandler implements ICommandHandler<Pause> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ what, name, paused, by }: Pause): Promise<PauseAnswer> {
    return what === 'play' ? this.engine.pausePlay(name, paused, by) : this.engine.pauseChannel(name, paused, by);
  }
}
