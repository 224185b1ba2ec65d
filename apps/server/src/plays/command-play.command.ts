import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer, RapportEngine } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import { ENGINE } from '../engine.token';

/** What a human wants of the plays of one customer. */
export class CommandPlay extends Command<CommandAnswer> {
  constructor(
    readonly customerId: string,
    readonly command: PlayCommand,
  ) {
    super();
  }
}

@CommandHandler(CommandPlay)
export class CommandPlayHandler implements ICommandHandler<CommandPlay> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ customerId, command }: CommandPlay): Promise<CommandAnswer> {
    return this.engine.command(customerId, command);
  }
}
