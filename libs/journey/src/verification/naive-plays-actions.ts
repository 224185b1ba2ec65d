/** Laws of requests, refusals and settlements, each decision looked at in the world in which it was made. */
import { createHash } from 'node:crypto';
import { GUARD_KIND, type GuardName } from '../plays/guards.types';
import type { PlayViolation } from '../plays/play-core.types';
import type { ActionRequested, ActionWithheld } from '../plays/play-decisions';
import { naiveZone } from './naive-plays-asks';
import { quietBetween } from './naive-plays-clock';
import { naiveRefusals } from './naive-plays-guards';
import { isDelivered, knownAt, ofType, resultOf, type Case, type Placed } from './naive-plays-world';

/** Moments between a refusal and its date at which the guards are asked again. */
const SAMPLES = 24;

const idOf = (cause: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(cause)).digest('hex').slice(0, 32);

/** No action twice for a cause; its id follows from the cause; nobody who is held out is acted on. */
export function onceViolations(of: Case): PlayViolation[] {
  const requests = ofType(of.decisions, 'ActionRequested');
  const held = ofType(of.decisions, 'PlayEntered').filter(({ decision }) => decision.held);
  const faults: PlayViolation[] = [];
  requests.forEach(({ position, decision }, place) => {
    const { action, play, enrolment, step, round } = decision;
    const twin = requests.slice(0, place).find((one) => one.decision.action === action);
    if (twin !== undefined)
      faults.push({ law: 'no action twice', detail: action, positions: [twin.position, position] });
    if (action !== idOf([of.customer.customerId, play, enrolment, step, round]))
      faults.push({ law: 'ids follow from the cause', detail: action, positions: [position] });
    const own = held.find((one) => one.decision.play === play && one.decision.enrolment === enrolment);
    if (own !== undefined) faults.push({ law: 'holdout', detail: `${play} acts`, positions: [own.position, position] });
  });
  return faults;
}

/** Every guard holds at each request, and its whole time is open. */
export function requestViolations(of: Case): PlayViolation[] {
  return ofType(of.decisions, 'ActionRequested').flatMap((placed) => {
    const { position, decision } = placed;
    const known = knownAt(of, placed);
    const overridden = decision.override !== undefined;
    const refusals = naiveRefusals(of, known, decision, decision.at).filter(
      (name) => !(overridden && GUARD_KIND[name] === 'time'),
    );
    const faults = refusals.map((name): PlayViolation => {
      return { law: `guard ${name}`, detail: `${decision.what} by ${decision.channel}`, positions: [position] };
    });
    if (overridden || decision.channel === 'task' || decision.verb === 'task') return faults;
    const quiet = quietBetween(of.guards.quiet, decision.notBefore, decision.sendBefore, naiveZone(known, of.timeZone));
    if (quiet !== null)
      faults.push({ law: 'quiet hours', detail: new Date(quiet).toISOString(), positions: [position] });
    return faults;
  });
}

/** Own sends at their true times: no more than a cap allows in any window that ends with one, and each within its request. */
export function sentViolations(of: Case): PlayViolation[] {
  const sent = ofType(of.decisions, 'ActionRequested').flatMap(({ position, decision }) => {
    const outcome = of.customer.inputs.find(
      ({ touchpoint }) => touchpoint && isDelivered(touchpoint) && touchpoint.properties.action === decision.action,
    );
    const { override, channel, verb } = decision;
    if (outcome?.touchpoint === undefined || override !== undefined || channel === 'task' || verb === 'task') return [];
    return [{ position, decision, at: outcome.touchpoint.occurredAt }];
  });
  const faults: PlayViolation[] = [];
  for (const { position, decision, at } of sent) {
    if (at < decision.notBefore || at > decision.sendBefore)
      faults.push({ law: 'send time', detail: new Date(at).toISOString(), positions: [position] });
    of.guards.caps.forEach(({ channel, purpose, atMost, within }, place) => {
      const counts = (one: ActionRequested): boolean =>
        (channel ?? one.channel) === one.channel && (purpose ?? one.purpose) === one.purpose;
      const inWindow = sent.filter((one) => counts(one.decision) && one.at <= at && at - one.at <= within);
      if (counts(decision) && inWindow.length > atMost)
        faults.push({
          law: 'caps in every window',
          detail: `cap ${place}`,
          positions: inWindow.map((one) => one.position),
        });
    });
  }
  return faults;
}

/** A refusal of a guard of time is true, and its date is the first at which it could act. */
export function refusalViolations(of: Case): PlayViolation[] {
  return ofType(of.decisions, 'ActionWithheld').flatMap((placed) => {
    const { decision, position } = placed;
    const { reason, until, at } = decision;
    const guard = Object.entries(GUARD_KIND).find(([name]) => name === reason);
    if (guard === undefined) return [];
    const known = knownAt(of, placed);
    const action = actionOf(of, decision);
    const refuses = (moment: number): GuardName[] => naiveRefusals(of, known, action, moment);
    const faults: PlayViolation[] = [];
    const untrue = reason === 'priority' ? refuses(at).length === 0 : !refuses(at).some((name) => name === reason);
    if (untrue) faults.push({ law: 'reasons are true', detail: reason, positions: [position] });
    if (until === null || guard[1] !== 'time') return faults;
    const inTheWay = naiveRefusals(of, known, action, until, true);
    if (inTheWay.length > 0)
      faults.push({ law: 'dates can be kept', detail: `${inTheWay.join()} at ${until}`, positions: [position] });
    const earlier = between(at, until).find((moment) => naiveRefusals(of, known, action, moment, true).length === 0);
    if (earlier !== undefined)
      faults.push({ law: 'dates are the earliest', detail: `${earlier} before ${until}`, positions: [position] });
    return faults;
  });
}

function between(at: number, until: number): number[] {
  const step = Math.max(1, Math.floor((until - at) / SAMPLES));
  const moments = Array.from({ length: SAMPLES }, (_, i) => at + (i + 1) * step).filter((moment) => moment < until);
  return until - 1 > at ? [...moments, until - 1] : moments;
}

function actionOf(of: Case, { play, step, verb, channel }: ActionWithheld) {
  const purpose = of.part.plays.find((one) => one.name === play)?.purpose ?? '';
  return { play, step, verb, channel, purpose };
}

const REFUNDED: Readonly<Record<string, boolean>> = {
  ...{ delivered: false, silent: false, expired: true, withdrawn: true, failed: true },
};

/** Once for each action; refunded where it came to nothing; a time of sending where there was one. */
export function settlementViolations(of: Case): PlayViolation[] {
  const settled = ofType(of.decisions, 'ActionSettled');
  const faults: PlayViolation[] = [];
  const say = (law: string, detail: string, one: Placed) => faults.push({ law, detail, positions: [one.position] });
  settled.forEach((one, place) => {
    const { action, result, refunded, sentAt } = one.decision;
    if (settled.slice(0, place).some((other) => other.decision.action === action)) say('settled once', action, one);
    if (!ofType(of.decisions, 'ActionRequested').some((other) => other.decision.action === action))
      say('only what was requested is settled', action, one);
    if ((REFUNDED[result] ?? refunded) !== refunded) say('refunds', `${result}: ${refunded}`, one);
    if ((result === 'delivered') !== (sentAt !== undefined)) say('true times', `${result}: ${sentAt ?? 'none'}`, one);
    if (['expired', 'withdrawn'].includes(result) && !hasOutcome(of, action, result))
      say('outcomes settle', action, one);
  });
  return faults;
}

function hasOutcome(of: Case, action: string, result: string): boolean {
  return of.customer.inputs.some(
    ({ touchpoint }) => touchpoint && resultOf(touchpoint) === result && touchpoint.properties.action === action,
  );
}
