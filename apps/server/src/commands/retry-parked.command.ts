import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';

type RetryAnswer = IngestAnswer | { ok: false; reason: 'notParked' };

/** Fold the input that is parked at this position after all. */
export class RetryParked extends Command<RetryAnswer> {
  constructor(readonly position: number) {
    super();
  }
}

@CommandHandler(RetryParked)
export class RetryParkedHandler implements ICommandHandler<RetryParked> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ position }: RetryParked): Promise<RetryAnswer> {
    return this.engine.retryParked(position);
  }
}
