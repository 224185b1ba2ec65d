/** Plain questions about one customer that rules, steps and guards ask. */
import { ANY_CONSENT_CHANNEL, type ConsentSaidAs, type Driver } from '../play';
import { DRIVERS } from '../play';
import type { CustomerFacts } from '../play-core.types';
import { isTimeZone } from '../local-time/zone-clock';
import type { PlayState } from '../play-state';
import type { ProfileState, TraitValue } from '../../language/profile/profile';

/** Set by a step, or learned from an answer: the newer word. */
export function driverOf(plays: PlayState | null): Driver | null {
  const step = plays?.traits.find((one) => one.trait === 'driver');
  const ledger = plays?.ledger ?? null;
  const learned = ledger?.driver ?? null;
  if (step === undefined || (ledger !== null && learned !== null && ledger.driverAt > step.at)) return learned;
  return DRIVERS.find((one) => one === step.value) ?? null;
}

/** Of a step or of the profile: the newer word. Personal traits are no business of plays. */
export function traitOf(plays: PlayState | null, facts: CustomerFacts, trait: string): TraitValue {
  const step = plays?.traits.find((one) => one.trait === trait);
  const said = facts.profile().traits.get(trait);
  if (step === undefined) return said?.value ?? null;
  return said !== undefined && said.at > step.at ? said.value : step.value;
}

/** Whether its steps are under way. */
export function isEnrolled(plays: PlayState | null, play: string): boolean {
  return plays !== null && plays.enrolments.some((one) => one.play === play && one.phase !== 'watching');
}

/** A deed is owed thanks until thanks that came, or would have come, after it. */
export function owesThanks(plays: PlayState | null): boolean {
  const owed = plays?.ledger?.owed;
  if (!plays || owed === undefined) return false;
  return owed.some((deed) => deed.at > plays.virtualThanksAt);
}

/** Consent for every channel counts for each; of two words the newer counts, of equally new ones the refusal. */
export function consentSaid(profile: ProfileState, purpose: string, channel: string): ConsentSaidAs {
  const own = profile.consents.get(JSON.stringify([purpose, channel]));
  const all = profile.consents.get(JSON.stringify([purpose, ANY_CONSENT_CHANNEL]));
  const newest = own === undefined || (all !== undefined && all.at > own.at) ? all : own;
  if (newest === undefined) return 'unknown';
  const given = own !== undefined && all !== undefined && own.at === all.at ? own.value && all.value : newest.value;
  return given ? 'given' : 'withdrawn';
}

/** The customer's own, where it names a zone; else the definition's. */
export function timeZoneOf(facts: CustomerFacts, otherwise: string): string {
  const said = facts.profile().traits.get('timeZone')?.value;
  return typeof said === 'string' && isTimeZone(said) ? said : otherwise;
}
