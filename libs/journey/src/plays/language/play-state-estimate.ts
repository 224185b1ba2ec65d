/** How much the plays of a document keep for one customer at worst: one live enrolment of each play, and so on. */
import type { PlaysPart } from '../play';
import {
  ASK_KINDS_KEPT,
  GOAL_WATCHES_PER_PLAY,
  OPEN_ACTIONS_MAX,
  OPEN_ASKS_KEPT,
  OWED_DEEDS_KEPT,
  SUPPRESSIONS_KEPT,
  TRAIT_VALUE_LENGTH_MAX,
} from '../play-limits';
import { allSteps } from './rules-of-plays';

/** Bytes of one member of each list in PlayState, where ids are UUIDs. */
const ENROLMENT_BYTES = 60;
const MEMORY_BYTES = 10;
const ACTION_BYTES = 90;
const DATE_BYTES = 40;
const SCHEDULED_BYTES = 16;
const LEDGER_BYTES = 150;
const CONTACT_BYTES = 10;
const KIND_BYTES = 8;
const OPEN_ASK_BYTES = 40;
const OWED_BYTES = 24;
const SUPPRESSION_BYTES = 10;
const TRAIT_BYTES = 16 + TRAIT_VALUE_LENGTH_MAX;

export function playStateEstimate({ plays, guards }: PlaysPart): number {
  let bytes = LEDGER_BYTES + KIND_BYTES * ASK_KINDS_KEPT + OPEN_ASK_BYTES * OPEN_ASKS_KEPT;
  bytes += OWED_BYTES * OWED_DEEDS_KEPT + SUPPRESSION_BYTES * SUPPRESSIONS_KEPT;
  bytes += CONTACT_BYTES * guards.caps.reduce((sum, cap) => sum + cap.atMost, guards.asks.atMost);
  bytes += ACTION_BYTES * Math.min(OPEN_ACTIONS_MAX, plays.length);
  const traits = new Set<string>();
  for (const play of plays) {
    bytes += ENROLMENT_BYTES + MEMORY_BYTES;
    // Goals that outlive the steps: of the first entry and of the newest.
    if (play.goal) bytes += ENROLMENT_BYTES * (play.again === 'never' ? 1 : GOAL_WATCHES_PER_PLAY);
    if (play.trigger.on === 'date') bytes += DATE_BYTES;
    if (play.trigger.on === 'audience') bytes += SCHEDULED_BYTES;
    for (const step of allSteps(play.steps)) if (step.step === 'set') traits.add(step.trait);
  }
  return bytes + TRAIT_BYTES * traits.size;
}
