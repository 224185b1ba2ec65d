import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';

/** An operator's verdict on a clock that jumped ahead. */
export class JudgeClock extends Command<IngestAnswer> {
  constructor(readonly believe: boolean) {
    super();
  }
}

@CommandHandler(JudgeClock)
export class JudgeClockHandler implements ICommandHandler<JudgeClock> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ believe }: JudgeClock): Promise<IngestAnswer> {
    return this.engine.judgeClock(believe);
  }
}
