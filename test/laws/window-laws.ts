/** Laws of windows that roll, both their ends included: what was sent exactly `within` ago is in them. */
import { type LawFacts, type Send, sendsOf } from './law-facts';
import type { LawWorld } from './laws';

/** Of own sends at their true times. A window is broken by whoever was asked for last in it, unless a person overrode the guards. */
export function capsInEveryWindow(facts: LawFacts, { part }: LawWorld): string[] {
  const sent = sendsOf(facts).filter(({ request }) => !request.task);
  return part.guards.caps.flatMap(({ channel, purpose, atMost, within }, place) => {
    const counted = sent.filter(({ request }) => {
      return (channel ?? request.channel) === request.channel && (purpose ?? request.purpose) === request.purpose;
    });
    return fullWindows(counted, atMost, within).map((at) => `cap ${place} at ${new Date(at).toISOString()}`);
  });
}

/** The moments at which one too many was sent. */
function fullWindows(sends: readonly Send[], atMost: number, within: number): number[] {
  const byTime = [...sends].sort((a, b) => a.at - b.at);
  return byTime.flatMap((last, place) => {
    const first = byTime[place - atMost];
    if (first === undefined || last.at - first.at > within) return [];
    const window = byTime.slice(place - atMost, place + 1).map(({ request }) => request);
    const newest = window.reduce((a, b) => (b.position > a.position ? b : a));
    return newest.overridden ? [] : [last.at];
  });
}

/** No two asks within the cooldown, no more than the limit in its window. Asks by task count from when they were done. */
export function asksKeepTheirDistance(facts: LawFacts, { part }: LawWorld): string[] {
  const { cooldown, atMost, within } = part.guards.asks;
  const asks = sendsOf(facts).filter(({ request }) => request.verb === 'ask');
  return [
    ...fullWindows(asks, 1, cooldown).map((at) => `two asks at ${new Date(at).toISOString()}`),
    ...fullWindows(asks, atMost, within).map((at) => `too many asks at ${new Date(at).toISOString()}`),
  ];
}
