/** Conditions that only rules of plays know, beside the measures of stages. */
import type { FaultList, Members } from '../../language/definition/fault-list';
import type { OtherConditions } from '../../language/definition/rule-parser';
import { readTestMembers, TEST_KEYS } from '../../language/definition/value-parser';
import { CUSTOMER_KINDS, TRAITS } from '../../language/catalogue/profile';
import { kindOf, pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { ValueTest } from '../../definition';
import { DRIVERS, type PlayCondition } from '../play';
import type { PlaysContext } from '../play-core.types';
import { PLAY_CONDITIONS_MAX } from '../play-limits';
import type { References } from './references';
import { readFlag, readName, readWord, readWordList, shownWord } from './word-parser';

export const CONSENT_SAID = ['given', 'withdrawn', 'unknown'] as const;
/** What can be owed. */
export const OWED = ['thanks'] as const;

/** Traits of the profile that have a condition of their own. */
const OWN_CONDITION: Readonly<Record<string, string>> = { kind: 'kind', driver: 'driver' };
/** Traits of the profile that rules may read; what is personal stands apart. */
export const READABLE_TRAITS: readonly string[] = Object.keys(TRAITS).filter(
  (name) => !TRAITS[name]?.personal && !Object.hasOwn(OWN_CONDITION, name),
);

export class PlayConditionParser implements OtherConditions<PlayCondition> {
  readonly conditionsMax = PLAY_CONDITIONS_MAX;
  readonly beside = {
    stage: [],
    openComplaint: [],
    driver: [],
    kind: [],
    trait: TEST_KEYS,
    enrolled: ['is'],
    owed: ['is'],
    consent: ['is'],
  } as const;

  constructor(
    private readonly faults: FaultList,
    private readonly context: PlaysContext,
    private readonly references: References,
  ) {}

  read(head: string, members: Members, path: string, at: string): PlayCondition | undefined {
    const { faults, context } = this;
    const value = members[head];
    switch (head as keyof typeof this.beside) {
      case 'stage':
        return ofList('stage', readWordList(value, at, context.stages, 'a stage of this definition', faults));
      case 'driver':
        return ofList('driver', readWordList(value, at, DRIVERS, 'a driver', faults));
      case 'kind':
        return ofList('kind', readWordList(value, at, CUSTOMER_KINDS, 'a kind of customer', faults));
      case 'openComplaint': {
        const is = readFlag(value, at, faults);
        return is === undefined ? undefined : { fact: 'openComplaint', is };
      }
      case 'trait':
        return this.trait(members, path, at);
      case 'enrolled':
        return this.enrolled(members, path, at);
      case 'owed': {
        const owed = readWord(value, at, OWED, 'anything that can be owed', faults);
        return owed && { fact: 'owed', is: this.is(members, path) };
      }
      case 'consent':
        return this.consent(members, path, at);
    }
  }

  private is(members: Members, path: string): boolean {
    if (members['is'] === undefined) return true;
    return readFlag(members['is'], pointerTo(path, 'is'), this.faults) ?? true;
  }

  private enrolled(members: Members, path: string, at: string): PlayCondition | undefined {
    const play = readName(members['enrolled'], at, 'play', this.faults);
    if (play === undefined) return undefined;
    this.references.add('play', play, at);
    return { fact: 'enrolled', play, is: this.is(members, path) };
  }

  private consent(members: Members, path: string, at: string): PlayCondition | undefined {
    const { faults } = this;
    const about = faults.members(members['consent'], at, ['purpose', 'channel'], 'consent');
    if (about === undefined) return undefined;
    const purpose = readName(about['purpose'], pointerTo(at, 'purpose'), 'purpose', faults);
    const channel = readWord(about['channel'], pointerTo(at, 'channel'), this.context.channels, 'a channel', faults);
    const said = members['is'] === undefined ? 'given' : members['is'];
    const is = readWord(said, pointerTo(path, 'is'), CONSENT_SAID, 'an answer about consent', faults);
    if (purpose === undefined || channel === undefined || is === undefined) return undefined;
    return { fact: 'consent', purpose, channel, is };
  }

  private trait(members: Members, path: string, at: string): PlayCondition | undefined {
    const trait = readTraitName(members['trait'], at, this.faults);
    const test = readTestMembers(members, path, this.faults);
    if (trait === undefined || test === undefined) return undefined;
    if (!READABLE_TRAITS.includes(trait)) this.references.add('trait', trait, at);
    checkTraitTest(trait, test, path, this.faults);
    return { fact: 'trait', trait, test };
  }
}

function ofList<F extends 'stage' | 'driver' | 'kind', T>(fact: F, oneOf: T[] | undefined) {
  return oneOf && ({ fact, oneOf } as { fact: F; oneOf: T[] } & PlayCondition);
}

export const TRAIT_PATTERN = '^[a-z][A-Za-z0-9_-]{0,62}$';

/** A trait by a name that is not personal. */
export function readTraitName(value: unknown, path: string, faults: FaultList): string | undefined {
  if (typeof value !== 'string' || !new RegExp(TRAIT_PATTERN).test(value)) {
    const wrong = value === undefined ? 'has no trait' : `is no name of a trait: ${shownWord(value)}`;
    return faults.add(path, wrong, 'Use letters, digits, "-" and "_", a small letter first, at most 63');
  }
  if (Object.hasOwn(TRAITS, value) && TRAITS[value]?.personal) {
    const mend = 'Rules read only what is not personal: test the kind, the locale or a tag';
    return faults.add(path, `"${value}" is personal and stands apart, where no rule can read it`, mend);
  }
  return value;
}

/** Traits are texts: a test for a number could never hold. */
function checkTraitTest(trait: string, test: ValueTest, path: string, faults: FaultList): void {
  if (Object.hasOwn(OWN_CONDITION, trait)) {
    const mend = `Write { ${OWN_CONDITION[trait]}: ... }`;
    faults.add(pointerTo(path, 'trait'), `"${trait}" has a condition of its own`, mend);
  }
  if (test.atLeast !== undefined || test.atMost !== undefined) {
    faults.add(path, `can never hold: "${trait}" is a text, not a number`, 'Use equals or oneOf');
  }
  for (const value of [...(test.equals === undefined ? [] : [test.equals]), ...(test.oneOf ?? [])]) {
    if (typeof value === 'string') continue;
    const problem = `can never hold: "${trait}" is never ${kindOf(value) === 'a number' ? 'a number' : 'true or false'}`;
    faults.add(path, problem, 'Compare it with a text');
  }
}
