/**
 * Who may send. The stream `effects` says which instance is armed and how far effects go; the file instance.json beside the log
 * says which instance this is. Where they do not agree nothing leaves (decisions/0015).
 */
export const EFFECTS_STREAM = 'effects';
export const INSTANCE_FILE = 'instance.json';

export const EFFECTS_EVENT = { effectsSet: 'EffectsSet', instanceArmed: 'InstanceArmed' } as const;

export type EffectsMode = 'off' | 'sandbox' | 'live';

/** Event `EffectsSet`. The last one counts. A channel that is not listed follows `all`; none goes further than `all`. */
export interface EffectsSet {
  all: EffectsMode;
  channels: { [channel: string]: EffectsMode };
  by: string;
}

/** Event `InstanceArmed`: written for a new store and by `rapport arm`. The last one counts. */
export interface InstanceArmed {
  instance: string;
  by: string;
}

/** instance.json; never part of a backup. */
export interface InstanceFile {
  instance: string;
  /** SHA-256 of machine id, device and inode of log.sqlite: a copy has others. */
  place: string;
  /** Greatest log position at which an attempt was started: a log that ends before it was restored from a backup. */
  sentUpTo: number;
}

/** Why effects are off although the switch is not. */
export type Unarmed = 'noInstanceFile' | 'otherInstance' | 'otherPlace' | 'olderLog';

export interface EffectsNow {
  /** What was switched last. */
  set: EffectsSet;
  /** How far it goes in fact. */
  modeOf(channel: string): EffectsMode;
  unarmed: Unarmed | null;
}
