/** Whether a trigger is followed, and what an enrolment starts as. */
import { shareOf } from '../holdout/share-of';
import type { CompiledPlay } from '../compile/compiled-play';
import type { EntryTrigger, PlayEntered } from '../play-decisions';
import { LIVE_ENROLMENTS_MAX } from '../play-limits';
import type { Again } from '../play';
import type { Enrolment, PlayMemory } from '../play-state';
import { isEnrolled } from '../rules/customer-answers';
import { playRuleEvidence, playRuleHolds } from '../rules/play-rule-holds';
import { withAdded } from '../state/play-states';
import { askExit } from './exits';
import type { Instant } from './instant';
import { walkTo } from './walk';

export type NotEntered = 'alreadyEnrolled' | 'notAgain' | 'notWho' | 'paused' | 'full';

export interface Entry {
  trigger: EntryTrigger;
  /** By hand, past `who`, `again` and the holdout; left out of the comparison. */
  override: boolean;
  /** Who commanded it is told; nobody else waits for an answer. */
  byHand: boolean;
}

/** Null = entered, and gone on to its first step that acts or waits. */
export function tryEnter(instant: Instant, play: CompiledPlay, entry: Entry): NotEntered | null {
  const { name } = play.play;
  const refused = refusalOf(instant, play, entry);
  if (refused === null) {
    enter(instant, play, entry);
    return null;
  }
  if ((refused === 'paused' || refused === 'full') && !entry.byHand) {
    const { trigger } = entry;
    instant.say({ type: 'EntryWithheld', play: name, at: instant.at, reason: refused, trigger, cause: instant.cause });
  }
  return refused;
}

function refusalOf(instant: Instant, play: CompiledPlay, entry: Entry): NotEntered | null {
  const { plays, state, facts, at } = instant;
  const { name, again } = play.play;
  if (isEnrolled(plays, name)) return 'alreadyEnrolled';
  if (!entry.override) {
    if (againFrom(again, memoryOf(instant, name)) > at) return 'notAgain';
    if (play.who !== null && !playRuleHolds(state, play.who, facts, at)) return 'notWho';
  }
  if (facts.paused(name, at, instant.byTimer)) return 'paused';
  if (plays.enrolments.length < LIVE_ENROLMENTS_MAX) return null;
  const live = plays.enrolments.filter((one) => one.phase !== 'watching');
  return live.length >= LIVE_ENROLMENTS_MAX ? 'full' : null;
}

/** From when on one customer may enter again; -Infinity = at any time, Infinity = never. */
export function againFrom(again: Again, memory: PlayMemory | undefined): number {
  if (memory === undefined || memory.entries === 0 || again === 'always') return -Infinity;
  return again === 'never' ? Infinity : memory.lastEnteredAt + again.every;
}

export function memoryOf(instant: Instant, play: string): PlayMemory | undefined {
  return instant.plays.memories.find((one) => one.play === play);
}

/** Held out is who hashes below the share: 10 % are among the 20 %. */
export function isHeldOut(customerId: string, { salt, holdout }: { salt: string; holdout: number }): boolean {
  return holdout > 0 && shareOf(customerId, salt, 'holdout') < holdout;
}

function enter(instant: Instant, play: CompiledPlay, { trigger, override }: Entry): void {
  const { name, goal } = play.play;
  const { at, plays, state, facts, cause } = instant;
  const memory = remember(instant, name);
  const held = !override && isHeldOut(facts.customerId, play.play);
  const first = memory.entries === 1 && !override;
  const enrolment: Enrolment = {
    play: name,
    version: play.version,
    enrolment: memory.entries,
    held,
    first,
    enteredAt: at,
    triggerId: 'touchpointId' in trigger ? trigger.touchpointId : '',
    phase: 'ready',
    step: '',
    stepAt: at,
    until: Infinity,
    round: 0,
    withheld: '',
    goalUntil: goal === undefined ? Infinity : at + goal.within,
    exitDue: Infinity,
  };
  plays.enrolments = withAdded(plays.enrolments, enrolment);
  const evidence = play.who === null ? [] : playRuleEvidence(state, play.who, facts, at);
  const entered: PlayEntered = {
    type: 'PlayEntered',
    play: name,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at,
    trigger,
    held,
    first,
    evidence,
    cause,
  };
  if (goal !== undefined) entered.goalUntil = enrolment.goalUntil;
  instant.say(entered);
  if (!askExit(instant, enrolment)) walkTo(instant, enrolment, play.first);
}

function remember(instant: Instant, play: string): PlayMemory {
  let memory = memoryOf(instant, play);
  if (memory === undefined) {
    memory = { play, entries: 0, lastEnteredAt: instant.at };
    instant.plays.memories = withAdded(instant.plays.memories, memory);
  }
  memory.entries += 1;
  memory.lastEnteredAt = instant.at;
  return memory;
}
