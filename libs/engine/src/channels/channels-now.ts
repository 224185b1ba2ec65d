/** Which channels there are, which of them are paused, and where their messages go. */
import { PLAY_CHANNELS } from '@rapport/journey';
import type { EffectsMode } from '../dispatch/instance.types';
import type { RapportEngine } from '../rapport.types';

export interface ChannelsNow {
  /** `paused` null: whoever opened the store carries nothing out, so that nobody has heard of pauses. */
  items: { channel: string; paused: boolean | null; effects: EffectsMode }[];
  /** Of the log, that is carried out. */
  position: number;
}

export function channelsNow(engine: Pick<RapportEngine, 'status' | 'effects'>): ChannelsNow {
  const { dispatch, head } = engine.status();
  const effects = engine.effects();
  const items = PLAY_CHANNELS.map((channel) => ({
    channel,
    paused: dispatch ? dispatch.pausedChannels.includes(channel) : null,
    effects: effects.modeOf(channel),
  }));
  return { items, position: dispatch?.position ?? head };
}
