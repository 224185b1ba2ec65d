/** What plays may ask of a customer when a query asks: the rows as they stand, and the pauses that the checkpoint knows. */
import { type CustomerFacts, decodeProfile, emptyProfile, type ProfileState } from '@rapport/journey';
import type { CustomerRow } from '@rapport/read-models';
import { isPaused, type KnownPause } from '../loop/play-pauses';
import type { EngineCheckpoint } from '../loop/flush-rows';
import type { Asked } from './sources';

export class StoredFacts implements CustomerFacts {
  private known: ProfileState | null = null;
  private readonly pauses: readonly KnownPause[];

  constructor(
    private readonly asked: Asked,
    private readonly row: CustomerRow,
  ) {
    this.pauses = pausesOf(asked, row.partition);
  }

  get customerId(): string {
    return this.row.customerId;
  }

  profile(): ProfileState {
    if (this.known) return this.known;
    const stored = this.asked.models.profile(this.row.no);
    return (this.known = stored ? decodeProfile(stored.traits, stored.personal) : emptyProfile());
  }

  learn(): void {
    throw new Error('a query folds nothing');
  }

  paused(play: string, at: number, timer: boolean): boolean {
    return isPaused(this.pauses, play, at, timer);
  }
}

/** Every partition is told of a pause; they may be a moment apart. */
export function pausesOf({ checkpoint }: Asked, partition: number): readonly KnownPause[] {
  const { partitions } = JSON.parse(checkpoint.engine) as Partial<EngineCheckpoint>;
  return partitions?.find((own) => own.partition === partition)?.pauses ?? [];
}
