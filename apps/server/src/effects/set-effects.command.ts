import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import { ENGINE } from '../engine.token';
import { changedEffects, type EffectsChange } from './effects-view';

/** How far effects go, for the whole and for each channel. In force when it is answered. */
export class SetEffects extends Command<IngestAnswer> {
  constructor(readonly change: EffectsChange) {
    super();
  }
}

@CommandHandler(SetEffects)
export class SetEffectsHandler implements ICommandHandler<SetEffects> {
  /** One at a time: what a channel keeps is read before it is written. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  execute({ change }: SetEffects): Promise<IngestAnswer> {
    const { engine } = this;
    const set = (): Promise<IngestAnswer> => engine.setEffects(changedEffects(engine.effects().set, change));
    const done = this.last.then(set, set);
    this.last = done;
    return done;
  }
}
