/** Who may send, and how far: as routes and the command line show it. */
import { CHANNEL_NAMES, type EffectsMode, type EffectsSet, type RapportEngine, type Unarmed } from '@rapport/engine';

export const EFFECTS_MODES: readonly EffectsMode[] = ['off', 'sandbox', 'live'];

export const UNARMED_REASONS: readonly Unarmed[] = ['noInstanceFile', 'otherInstance', 'otherPlace', 'olderLog'];

const UNARMED_TEXT: { readonly [Why in Unarmed]: string } = {
  noInstanceFile: 'This store has never been armed here: it is new without plays, or was restored from a backup.',
  otherInstance: 'Another instance of this store was armed last.',
  otherPlace: 'This is a copy of a store, or it was moved: its files are not those that were armed.',
  olderLog: 'The log is older than what was sent: it was restored from a backup.',
};
const ARM_MEND = 'If this is the one that shall send, and no other does: rapport arm, or POST /v1/arm.';

export interface EffectsView {
  all: EffectsMode;
  /** Who said so. */
  by: string;
  /** Every channel: what was set for it alone (null = it follows `all`), and how far it goes in fact. */
  channels: { [channel: string]: { set: EffectsMode | null; mode: EffectsMode } };
  armed: boolean;
  unarmed: Unarmed | null;
  detail: string | null;
  /** Channels that are live and reach nobody, each with its mend. */
  warnings: string[];
  /** End of the log that this is true for. */
  position: number;
}

export type ArmView = Pick<EffectsView, 'armed' | 'unarmed' | 'detail' | 'position'>;

export function effectsView(engine: RapportEngine, position = engine.status().head): EffectsView {
  const now = engine.effects();
  const { set } = now;
  const channels = Object.fromEntries(
    CHANNEL_NAMES.map((name) => [name, { set: set.channels[name] ?? null, mode: now.modeOf(name) }]),
  );
  const live = engine.receiverGaps().filter(({ channel }) => now.modeOf(channel) === 'live');
  const warnings = live.map(({ channel, problem, mend }) => `${channel}: ${problem}. Mend: ${mend}.`);
  return { all: set.all, by: set.by, channels, warnings, ...armOf(now.unarmed), position };
}

export function armView(engine: RapportEngine, position = engine.status().head): ArmView {
  return { ...armOf(engine.effects().unarmed), position };
}

function armOf(unarmed: Unarmed | null): Omit<ArmView, 'position'> {
  const detail = unarmed === null ? null : `${UNARMED_TEXT[unarmed]} Nothing leaves it. ${ARM_MEND}`;
  return { armed: unarmed === null, unarmed, detail };
}

export interface EffectsChange {
  by: string;
  all?: EffectsMode;
  /** null = it follows `all` again. A channel that is not named stays as it is. */
  channels?: { readonly [channel: string]: EffectsMode | null };
}

/** What is to be set, by what is set now. */
export function changedEffects(now: EffectsSet, { by, all, channels = {} }: EffectsChange): EffectsSet {
  const merged = { ...now.channels, ...channels };
  const set = Object.entries(merged).filter((entry): entry is [string, EffectsMode] => entry[1] !== null);
  return { all: all ?? now.all, channels: Object.fromEntries(set), by };
}
