/** What plays may ask of a customer while one input is folded. One object that is used again: nothing is made for a touchpoint. */
import {
  type CustomerFacts,
  foldProfile,
  type FoldedTouchpoint,
  profileKind,
  type ProfileState,
} from '@rapport/journey';
import type { CustomerRecord } from './customer-record';
import type { FoldSources } from './customer-fold';
import { isPaused } from './play-pauses';

export class RecordFacts implements CustomerFacts {
  private record!: CustomerRecord;
  private personal: string | undefined;
  private learned: FoldedTouchpoint | null = null;

  constructor(private readonly sources: Pick<FoldSources, 'profile' | 'pauses'>) {}

  get customerId(): string {
    return this.record.customerId;
  }

  /** @param personal that of the touchpoint at hand, which `learn` takes in */
  of(record: CustomerRecord, personal: string | undefined): this {
    this.record = record;
    this.personal = personal;
    return this;
  }

  profile(): ProfileState {
    return (this.record.profile ??= this.sources.profile(this.record));
  }

  /** A touchpoint is taken in once, whoever calls first: a play that asks in the middle of the fold, or the fold at its end. */
  learn(touchpoint: FoldedTouchpoint): void {
    if (this.learned === touchpoint) return;
    this.learned = touchpoint;
    const profile = this.profile();
    if (!foldProfile(profile, touchpoint, this.personal)) return;
    this.record.profileChanged = true;
    this.record.kind = profileKind(profile);
  }

  paused(play: string, at: number, timer: boolean): boolean {
    const pauses = this.sources.pauses(this.record.partition);
    return pauses !== undefined && isPaused(pauses, play, at, timer);
  }
}
