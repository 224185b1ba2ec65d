/**
 * The laws of issue 5, section 8, each on what one customer's log says. They share no code with saga, guards and ledger: plain lists,
 * compared with one another. What a law finds is what is wrong, in words; nothing = it holds.
 */
import type { PlaysPart } from '@rapport/journey';
import { CAME_TO_NOTHING, type LawFacts, type Request, sendsOf } from './law-facts';
import { stepsWithoutAWord } from './reached-steps';
import { capsInEveryWindow, asksKeepTheirDistance } from './window-laws';
import { noneInQuietHours } from './quiet-law';

export interface LawWorld {
  part: PlaysPart;
  timeZone: string;
}
export type Law = (facts: LawFacts, world: LawWorld) => string[];

export const LAWS: Readonly<Record<string, Law>> = {
  'no action twice for a cause': noActionTwice,
  'no ask without a give': noAskWithoutAGive,
  'none in quiet hours': noneInQuietHours,
  'every cap kept in every window': capsInEveryWindow,
  'asks keep their distance': asksKeepTheirDistance,
  'every action that was not taken has a reason': everyActionHasAReason,
  'every request comes to an end': everyRequestEnds,
  'holdout never acted on': holdoutNeverActedOn,
};

/** Broken laws of one customer, each with its name. */
export function brokenLaws(facts: LawFacts, world: LawWorld): string[] {
  return Object.entries(LAWS).flatMap(([name, law]) =>
    law(facts, world).map((what) => `${name}: ${what} (${facts.customerId})`),
  );
}

const placeOf = ({ play, enrolment, step }: { play: string; enrolment: number; step: string }): string =>
  JSON.stringify([play, enrolment, step]);

/** One entry for a touchpoint, one action for a step; another only where the one before came to nothing, or a person asked again. */
function noActionTwice(facts: LawFacts): string[] {
  const wrong: string[] = [];
  const entered = new Set<string>();
  for (const { play, touchpointId } of facts.entries) {
    const cause = JSON.stringify([play, touchpointId]);
    if (touchpointId !== '' && entered.has(cause)) wrong.push(`${play} was entered twice for ${touchpointId}`);
    entered.add(cause);
  }
  const ids = new Set(facts.requests.map((one) => one.action));
  if (ids.size < facts.requests.length) wrong.push('two requests have the same id');
  const settled = new Map(facts.settled.map((one) => [one.action, one]));
  const last = new Map<string, Request>();
  for (const request of facts.requests) {
    const before = last.get(placeOf(request));
    last.set(placeOf(request), request);
    if (before === undefined) continue;
    const end = settled.get(before.action);
    const over = end !== undefined && end.position < request.position && CAME_TO_NOTHING.includes(end.result);
    if (!over) wrong.push(`${placeOf(request)} is asked for again, and ${before.action} may have been carried out`);
  }
  return [...wrong, ...sentTwice(facts)];
}

function sentTwice(facts: LawFacts): string[] {
  const sent = new Set<string>();
  return sendsOf(facts).flatMap(({ request }) => {
    const again = sent.has(placeOf(request)) && !request.byHand;
    sent.add(placeOf(request));
    return again ? [`${placeOf(request)} was carried out twice`] : [];
  });
}

const GIVES = ['gift.sent', 'thanks.sent', 'reward.granted', 'points.granted', 'employee.helped'];

/** Something was given, and had arrived, before the first ask. */
function noAskWithoutAGive({ touchpoints, requests }: LawFacts): string[] {
  const given = touchpoints.find(({ touchpoint: { type, source, properties } }) => {
    return GIVES.includes(type) || (type === 'action.delivered' && source === 'rapport' && properties.verb === 'give');
  });
  const first = given?.position ?? Infinity;
  const early = requests.filter(({ verb, position }) => verb === 'ask' && position < first);
  return early.map(({ action }) => `${action} asks, and nothing was given before`);
}

/** Every step that acts and was reached was asked for or withheld, and a reason stands with each that was withheld. */
function everyActionHasAReason(facts: LawFacts, { part }: LawWorld): string[] {
  const wrong = facts.entries.flatMap((entry) => {
    const play = part.plays.find(({ name }) => name === entry.play);
    if (play === undefined) return [`${entry.play} is no play`];
    return stepsWithoutAWord(facts, entry, play).map((step) => `${entry.play} ${entry.enrolment} passed step ${step}`);
  });
  const unsaid = facts.refusals.filter(({ reason }) => reason === '');
  return [...wrong, ...unsaid.map((one) => `${placeOf(one)} is withheld without a reason`)];
}

const DAY_MS = 86_400_000;

/** Nobody waits for ever: a message is settled a day after it could have been sent, or a person is asked (in doubt) for two weeks. */
function everyRequestEnds({ requests, settled, until }: LawFacts): string[] {
  const over = new Set(settled.map((one) => one.action));
  return requests
    .filter(({ action, task, sendBefore }) => !task && !over.has(action) && sendBefore + 16 * DAY_MS < until)
    .map(({ action }) => `${action} was never settled`);
}

/** Not one request, and where one would have acted, that it is held out is the reason. */
function holdoutNeverActedOn({ entries, requests, refusals }: LawFacts): string[] {
  const of = (one: { play: string; enrolment: number }): string => JSON.stringify([one.play, one.enrolment]);
  const held = new Set(entries.filter((entry) => entry.held).map(of));
  const acted = requests.filter((one) => held.has(of(one)));
  const mixed = refusals.filter((one) => held.has(of(one)) !== (one.reason === 'holdout'));
  return [
    ...acted.map((one) => `${of(one)} is held out, and acts`),
    ...mixed.map((one) => `${of(one)} is withheld for ${one.reason}`),
  ];
}
