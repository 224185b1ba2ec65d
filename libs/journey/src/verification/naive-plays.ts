/**
 * The laws of plays (never asks too much, never acts twice, always says why), checked on one customer's raw inputs and decisions by
 * code that shares nothing with saga, guards or ledger: plain arrays, everything counted again for every decision.
 */
import type { CheckPlayLaws, PlayViolation } from '../plays/play-core.types';
import {
  onceViolations,
  refusalViolations,
  requestViolations,
  sentViolations,
  settlementViolations,
} from './naive-plays-actions';
import { stepViolations } from './naive-plays-steps';
import { caseOf, ofType, resultOf, type Case } from './naive-plays-world';

/**
 * Violations; none = the laws hold. `part`: the plays under which all of the enrolments ran, and the guards in force. History stands at the
 * position and moment at which it was settled (consents and profile where they were read): before that it counts nowhere.
 * `inputs` are all of them: ticks, settlings and audience runs too, as a position and a moment alone.
 */
export const checkPlayLaws: CheckPlayLaws = (part, timeZone, customer) => {
  const of = caseOf(part, timeZone, customer);
  return [
    ...onceViolations(of),
    ...requestViolations(of),
    ...sentViolations(of),
    ...refusalViolations(of),
    ...settlementViolations(of),
    ...stepViolations(of),
    ...entryViolations(of),
    ...goalViolations(of),
  ];
};

/** One live enrolment for each play, `again` counted from entry, and no outcome of an action as a trigger. */
function entryViolations(of: Case): PlayViolation[] {
  const entries = ofType(of.decisions, 'PlayEntered');
  const exits = ofType(of.decisions, 'PlayExited');
  return entries.flatMap((entered, place): PlayViolation[] => {
    const { play, trigger, at } = entered.decision;
    const faults: PlayViolation[] = [];
    const before = entries.slice(0, place).filter((one) => one.decision.play === play);
    const say = (law: string, ...others: number[]) =>
      faults.push({ law, detail: play, positions: [...others, entered.position] });
    for (const { decision, position } of before) {
      const own = exits.some(
        (one) =>
          one.decision.play === play &&
          one.decision.enrolment === decision.enrolment &&
          one.position < entered.position,
      );
      if (!own) say('one live enrolment', position);
    }
    const again = of.part.plays.find((one) => one.name === play)?.again;
    const last = before.at(-1);
    if (last !== undefined && trigger.on !== 'command') {
      if (again === 'never') say('again', last.position);
      if (typeof again === 'object' && at - last.decision.at < again.every) say('again', last.position);
    }
    if (trigger.on === 'touchpoint') {
      const cause = of.customer.inputs.find((one) => one.touchpoint?.touchpointId === trigger.touchpointId)?.touchpoint;
      if (cause === undefined || resultOf(cause) !== null || cause.history) say('triggers are live touchpoints');
    }
    return faults;
  });
}

/** A touchpoint that occurred strictly after entry, within the goal's time, and never the trigger itself. */
function goalViolations(of: Case): PlayViolation[] {
  return ofType(of.decisions, 'PlayConverted').flatMap(({ position, decision }): PlayViolation[] => {
    const { play, enrolment, touchpointId, occurredAt } = decision;
    const entered = ofType(of.decisions, 'PlayEntered').find(
      (one) => one.decision.play === play && one.decision.enrolment === enrolment,
    )?.decision;
    const within = of.part.plays.find((one) => one.name === play)?.goal?.within ?? -1;
    const found = of.customer.inputs.find(({ touchpoint }) => touchpoint?.touchpointId === touchpointId)?.touchpoint;
    const trigger = entered?.trigger.on === 'touchpoint' ? entered.trigger.touchpointId : '';
    const holds =
      entered !== undefined &&
      found?.occurredAt === occurredAt &&
      occurredAt > entered.at &&
      occurredAt <= entered.at + within &&
      touchpointId !== trigger &&
      resultOf(found) === null;
    return holds ? [] : [{ law: 'goals', detail: `${play} by ${touchpointId}`, positions: [position] }];
  });
}
