/**
 * The profile of a customer: traits and consents, each by its newest touchpoint, so that the order of arrival does not
 * matter. Traits that are personal are kept apart from those that rules and filters may read.
 */
import type { FoldedTouchpoint, JsonValue } from '../../touchpoint';
import {
  CONSENT_GIVEN_TYPE,
  CONSENT_WITHDRAWN_TYPE,
  CUSTOMER_KINDS,
  PROFILE_TYPE,
  TRAITS,
  type CustomerKind,
} from '../catalogue/profile';
import { parsePersonal } from '../touchpoint/touchpoint-codec';

/** Pairs of purpose and channel that are remembered: those with the newest word. */
export const PROFILE_CONSENTS_MAX = 64;
export const DEFAULT_KIND: CustomerKind = 'person';

/** What was said, when, and by which touchpoint. null = cleared. */
export interface Said<T> {
  value: T;
  at: number;
  touchpointId: string;
}

export type TraitValue = string | string[] | null;

export interface ConsentSaid extends Said<boolean> {
  purpose: string;
  channel: string;
}

export interface ProfileState {
  traits: Map<string, Said<TraitValue>>;
  personal: Map<string, Said<TraitValue>>;
  /** By purpose and channel. */
  consents: Map<string, ConsentSaid>;
}

export function emptyProfile(): ProfileState {
  return { traits: new Map(), personal: new Map(), consents: new Map() };
}

/** True for the types that foldProfile reads; others change no profile. */
export function isProfileType(type: string): boolean {
  return type === PROFILE_TYPE || type === CONSENT_GIVEN_TYPE || type === CONSENT_WITHDRAWN_TYPE;
}

/** Folds one touchpoint in, in place. Returns whether anything changed; a repeat changes nothing. */
export function foldProfile(state: ProfileState, folded: FoldedTouchpoint, personalJson: string | undefined): boolean {
  if (folded.type === PROFILE_TYPE) return foldTraits(state, folded, personalJson);
  if (folded.type === CONSENT_GIVEN_TYPE) return foldConsent(state, folded, true);
  return folded.type === CONSENT_WITHDRAWN_TYPE && foldConsent(state, folded, false);
}

function foldTraits(state: ProfileState, folded: FoldedTouchpoint, personalJson: string | undefined): boolean {
  const apart = parsePersonal(personalJson).properties ?? {};
  let changed = false;
  for (const name of Object.keys(TRAITS)) {
    const personal = TRAITS[name]?.personal ?? false;
    const value = traitValue((personal ? apart : folded.properties)[name]);
    if (value === undefined) continue;
    changed = take(personal ? state.personal : state.traits, name, said(value, folded)) || changed;
  }
  return changed;
}

function said<T>(value: T, folded: FoldedTouchpoint): Said<T> {
  return { value, at: folded.occurredAt, touchpointId: folded.touchpointId };
}

function traitValue(value: JsonValue | undefined): TraitValue | undefined {
  if (typeof value === 'string' || value === null) return value;
  return Array.isArray(value) && value.every((member) => typeof member === 'string') ? value : undefined;
}

function take<T, S extends Said<T>>(known: Map<string, S>, key: string, next: S): boolean {
  const last = known.get(key);
  if (last !== undefined && !isNewer(next, last)) return false;
  known.set(key, next);
  return true;
}

/** Later, or at the same moment by a greater touchpoint id: any fixed rule will do, so long as order plays no part. */
function isNewer(a: Said<unknown>, b: Said<unknown>): boolean {
  return a.at > b.at || (a.at === b.at && a.touchpointId > b.touchpointId);
}

function foldConsent(state: ProfileState, folded: FoldedTouchpoint, given: boolean): boolean {
  const { purpose, channel } = folded.properties;
  if (typeof purpose !== 'string' || typeof channel !== 'string') return false;
  const key = JSON.stringify([purpose, channel]);
  const next: ConsentSaid = { purpose, channel, ...said(given, folded) };
  const known = state.consents.has(key);
  if (!take<boolean, ConsentSaid>(state.consents, key, next)) return false;
  // Leaving out the pair with the oldest word is the same in every order: whoever is left out once stays older than the
  // rest until a newer word on it comes.
  return known || state.consents.size <= PROFILE_CONSENTS_MAX || dropOldest(state.consents) !== key;
}

function dropOldest(consents: Map<string, ConsentSaid>): string {
  let oldest = '';
  let last: ConsentSaid | undefined;
  for (const [key, consent] of consents) {
    if (last === undefined || isNewer(last, consent)) [oldest, last] = [key, consent];
  }
  consents.delete(oldest);
  return oldest;
}

type StoredTrait = [value: TraitValue, at: number, touchpointId: string];
type StoredConsent = [purpose: string, channel: string, given: boolean, at: number, touchpointId: string];
interface StoredTraits {
  traits?: { [name: string]: StoredTrait };
  consents?: StoredConsent[];
}

export interface EncodedProfile {
  /** JSON {traits:{name:[value,at,touchpointId]},consents:[[purpose,channel,given,at,touchpointId]]}. */
  traits: string;
  /** JSON {name:[value,at,touchpointId]}. */
  personal: string;
}

/** Equal profiles give equal texts, whatever came first. */
export function encodeProfile(state: ProfileState): EncodedProfile {
  const consents = inOrder(state.consents).map(([, { purpose, channel, value, at, touchpointId }]): StoredConsent => [
    purpose,
    channel,
    value,
    at,
    touchpointId,
  ]);
  return {
    traits: JSON.stringify({ traits: storedTraits(state.traits), consents }),
    personal: JSON.stringify(storedTraits(state.personal)),
  };
}

function storedTraits(traits: Map<string, Said<TraitValue>>): { [name: string]: StoredTrait } {
  return Object.fromEntries(
    inOrder(traits).map(([name, { value, at, touchpointId }]) => [name, [value, at, touchpointId]]),
  );
}

function inOrder<T>(members: Map<string, T>): [string, T][] {
  return [...members].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** '' stands for nothing: no profile yet, or the personal part erased. */
export function decodeProfile(traits: string, personal: string): ProfileState {
  const state = emptyProfile();
  const stored = (traits === '' ? {} : JSON.parse(traits)) as StoredTraits;
  const apart = (personal === '' ? {} : JSON.parse(personal)) as { [name: string]: StoredTrait };
  for (const [name, trait] of Object.entries(stored.traits ?? {})) state.traits.set(name, decodedTrait(trait));
  for (const [name, trait] of Object.entries(apart)) state.personal.set(name, decodedTrait(trait));
  for (const [purpose, channel, value, at, touchpointId] of stored.consents ?? []) {
    state.consents.set(JSON.stringify([purpose, channel]), { purpose, channel, value, at, touchpointId });
  }
  return state;
}

function decodedTrait([value, at, touchpointId]: StoredTrait): Said<TraitValue> {
  return { value, at, touchpointId };
}

export function profileKind(state: ProfileState): CustomerKind {
  const kind = state.traits.get('kind')?.value;
  return CUSTOMER_KINDS.find((known) => known === kind) ?? DEFAULT_KIND;
}

/** A profile as people see it: the values in force, cleared ones left out. */
export interface ProfileView {
  kind: CustomerKind;
  traits: { [name: string]: string | string[] };
  personal: { [name: string]: string | string[] };
  consents: { purpose: string; channel: string; given: boolean; at: number }[];
}

export function profileView(state: ProfileState): ProfileView {
  return {
    kind: profileKind(state),
    traits: inForce(state.traits),
    personal: inForce(state.personal),
    consents: inOrder(state.consents).map(([, { purpose, channel, value, at }]) => ({
      purpose,
      channel,
      given: value,
      at,
    })),
  };
}

function inForce(traits: Map<string, Said<TraitValue>>): { [name: string]: string | string[] } {
  const values: { [name: string]: string | string[] } = {};
  for (const [name, { value }] of inOrder(traits)) if (value !== null) values[name] = value;
  return values;
}
