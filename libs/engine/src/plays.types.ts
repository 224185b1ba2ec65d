/** What the apps ask of plays and tell them. Joined to RapportEngine and Query where the engine grows them. */
import type { PlayCommand, RefusedBecause } from '@rapport/journey';
import type { EffectsNow, EffectsSet } from './dispatch/instance.types';
import type { IngestAnswer } from './rapport.types';

/** Resolves when the fold has decided. `refused`: the loser of a race, or nothing to do: a 409. */
export type CommandAnswer =
  | { ok: true; position: number }
  | { ok: false; refused: RefusedBecause; detail: string; position: number }
  | { ok: false; refused: 'unknownCustomer'; detail: string }
  | (IngestAnswer & { ok: false });

export interface PlayEngine {
  command(customerId: string, command: PlayCommand): Promise<CommandAnswer>;
  pausePlay(play: string, paused: boolean, by: string): Promise<IngestAnswer>;
  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer>;
  setEffects(effects: EffectsSet): Promise<IngestAnswer>;
  arm(by: string): Promise<IngestAnswer>;
  effects(): EffectsNow;
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
  | { name: 'preview'; params: { customerId: string; template: string; play?: string } }
  | { name: 'effects'; params: Record<string, never> };

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
