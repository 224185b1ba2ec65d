import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';

/** Settle the history of these customers, or of everybody. */
export class SettleHistory extends Command<IngestAnswer> {
  constructor(readonly customerIds: string[] | undefined) {
    super();
  }
}

@CommandHandler(SettleHistory)
export class SettleHistoryHandler implements ICommandHandler<SettleHistory> {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ customerIds }: SettleHistory): Promise<IngestAnswer> {
    return this.engine.settle(customerIds);
  }
}
