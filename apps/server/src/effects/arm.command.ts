import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';

/** Says that this store is the one that sends. */
export class Arm extends Command<IngestAnswer> {
  constructor(readonly by: string) {
    super();
  }
}

@CommandHandler(Arm)
export class ArmHandler implements ICommandHandler<Arm> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ by }: Arm): Promise<IngestAnswer> {
    return this.engine.arm(by);
  }
}
