/** `set: { trait: driver, value: community }`: remembers. null forgets. */
import { TRAITS } from '../../../language/catalogue/profile';
import { checkText } from '../../../language/touchpoint/text-rules';
import { kindOf, pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { FaultList } from '../../../language/definition/fault-list';
import { DRIVERS, type SetStep } from '../../play';
import { PLAY_TRAITS_KEPT, TRAIT_VALUE_LENGTH_MAX } from '../../play-limits';
import { readTraitName } from '../play-condition-parser';
import { closed, ref, type Schema } from '../schema-words';
import { readWord } from '../word-parser';
import type { StepParser } from './step-parser.types';

const VALUE: Schema = {
  oneOf: [{ type: 'string', minLength: 1, maxLength: TRAIT_VALUE_LENGTH_MAX }, { type: 'null' }],
};

/** The trait that the condition `driver` reads too. */
export const DRIVER_TRAIT = 'driver';

export const SET: StepParser<SetStep> = {
  heads: ['set'],
  beside: [],
  read({ members, pointer, path }, { faults, traits }) {
    const at = pointerTo(pointer, 'set');
    const said = faults.members(members['set'], at, ['trait', 'value'], 'what is set');
    if (said === undefined) return undefined;
    const trait = readTraitName(said['trait'], pointerTo(at, 'trait'), faults);
    const value = readValue(trait, said['value'], pointerTo(at, 'value'), faults);
    if (trait === undefined || value === undefined) return undefined;
    if (Object.hasOwn(TRAITS, trait)) {
      const mend = 'Choose a name of your own: the profile comes from profile.updated alone';
      return faults.add(pointerTo(at, 'trait'), `"${trait}" belongs to the profile`, mend);
    }
    traits.add(trait);
    if (traits.size === PLAY_TRAITS_KEPT + 1) {
      faults.add(at, `is one trait more than the ${PLAY_TRAITS_KEPT} that are kept for each customer`, 'Use fewer');
    }
    return { step: 'set', path, trait, value };
  },
  write: ({ trait, value }) => ({ set: { trait, value } }),
  endsAlways: () => false,
  schema: [closed({ set: closed({ trait: ref('traitName'), value: VALUE }, ['trait', 'value']) }, ['set'])],
};

function readValue(trait: string | undefined, value: unknown, path: string, faults: FaultList) {
  if (value === null) return null;
  if (trait === DRIVER_TRAIT) return readWord(value, path, DRIVERS, 'a driver', faults);
  if (typeof value !== 'string' || value.length === 0) {
    return faults.add(path, `must be a text, but is ${kindOf(value)}`, 'Write a text, or null to forget it');
  }
  const error = checkText(value, path, TRAIT_VALUE_LENGTH_MAX);
  return error === undefined ? value : faults.add(path, error.detail, 'Write a short text');
}
