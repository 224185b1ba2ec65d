/** How far effects go: the last EffectsSet, if this instance of the store is the one that is armed (decisions/0015). */
import { type Chunk, EventCursor } from '@rapport/event-store';
import {
  EFFECTS_EVENT,
  EFFECTS_STREAM,
  type EffectsMode,
  type EffectsNow,
  type EffectsSet,
  type InstanceArmed,
  type Unarmed,
} from './instance.types';

const REACH: Readonly<Record<EffectsMode, number>> = { off: 0, sandbox: 1, live: 2 };

/** Until somebody says otherwise. */
export const EFFECTS_AT_FIRST: EffectsSet = { all: 'sandbox', channels: {}, by: 'rapport' };

/** The stream `effects`, folded. */
export class Effects {
  set: EffectsSet = EFFECTS_AT_FIRST;
  /** The last instance armed; null = none ever was. */
  armed: string | null = null;

  fold(chunk: Chunk): void {
    if (chunk.stream !== EFFECTS_STREAM) return;
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next()) {
      if (cursor.type === EFFECTS_EVENT.effectsSet) this.set = JSON.parse(cursor.data) as EffectsSet;
      if (cursor.type === EFFECTS_EVENT.instanceArmed) this.armed = (JSON.parse(cursor.data) as InstanceArmed).instance;
    }
  }
}

/** Unarmed = nothing leaves on any channel; and no channel goes further than all of them. */
export function effectsNow(set: EffectsSet, unarmed: Unarmed | null): EffectsNow {
  const { all, channels } = set;
  return {
    set,
    unarmed,
    modeOf: (channel) => {
      if (unarmed !== null) return 'off';
      const own = Object.hasOwn(channels, channel) ? channels[channel]! : all;
      return REACH[own] < REACH[all] ? own : all;
    },
  };
}
