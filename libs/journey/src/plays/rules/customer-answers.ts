/** Plain questions about one customer that rules, steps and guards ask. */
import { DRIVERS, type Driver } from '../play';
import type { CustomerFacts } from '../play-core.types';
import type { PlayState } from '../play-state';
import type { TraitValue } from '../../language/profile/profile';

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
