/** What the apps ask of plays and tell them. Joined to RapportEngine and Query where the engine grows them. */
import type { PlayCommand, RefusedBecause } from '@rapport/journey';
import type { ReceiverGap } from './channels/receiver-gaps';
import type { EffectsNow, EffectsSet } from './dispatch/instance.types';
import type { IngestAnswer } from './rapport.types';

/** Resolves when the fold has decided. `refused`: the loser of a race, or nothing to do: a 409. */
export type CommandAnswer =
  | { ok: true; position: number }
  | { ok: false; refused: RefusedBecause; detail: string; position: number }
  | { ok: false; refused: 'unknownCustomer'; detail: string }
  | (IngestAnswer & { ok: false });

/** A play that no definition in the log names, and that nobody ever entered, cannot be paused. */
export type PauseAnswer = IngestAnswer | { ok: false; reason: 'unknownPlay'; detail: string };

export interface PlayEngine {
  command(customerId: string, command: PlayCommand): Promise<CommandAnswer>;
  pausePlay(play: string, paused: boolean, by: string): Promise<PauseAnswer>;
  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer>;
  /** Resolves when it is on disk and dispatch has heard of it. */
  setEffects(effects: EffectsSet): Promise<IngestAnswer>;
  /** Says that this is the instance that sends, after the store was copied or restored. */
  arm(by: string): Promise<IngestAnswer>;
  effects(): EffectsNow;
  /** What the plays in force send and nobody would get. Nothing where whoever opened the store carries nothing out. */
  receiverGaps(): ReceiverGap[];
}

export type PlayQuery =
  | { name: 'plays'; params: Record<string, never> }
  | { name: 'play'; params: { play: string } }
  | {
      name: 'enrolments';
      params: { customerId?: string; play?: string; phase?: string; limit: number; cursor?: string };
    }
  | { name: 'actions'; params: ActionsParams }
  | { name: 'action'; params: { action: string } }
  | { name: 'ledger'; params: { customerId: string } }
  | { name: 'whyNot'; params: { customerId: string; play: string } }
  | { name: 'decisions'; params: DecisionsParams }
  /** Whether a customer's touchpoint of this id is folded. */
  | { name: 'touchpoint'; params: { customerId: string; touchpointId: string } }
  | { name: 'preview'; params: { customerId: string; template: string; play?: string } };

export interface ActionsParams {
  state?: string[];
  channel?: string[];
  play?: string[];
  customerId?: string;
  team?: string;
  assignee?: string;
  limit: number;
  cursor?: string;
}

/** Decisions of every kind, restated history only where its type is named. */
export interface DecisionsParams {
  type?: string[];
  customerId?: string;
  /** Decisions about these plays alone. */
  play?: string[];
  /** Oldest first, after this position; absent = newest first. */
  after?: number;
  limit: number;
  cursor?: string;
}
