/** Plays with what became of those who entered, and the comparison with the holdout. */
import { newcombe, type Play } from '@rapport/journey';
import type { PlayCounterRow } from '@rapport/read-models';
import type { QueryAnswer } from '../rapport.types';
import { type Asked, found, iso, notFound } from './sources';
import { pausesOf } from './stored-facts';

/** Pauses go to every partition; the first one speaks for all. */
const FIRST_PARTITION = 0;

export function plays(asked: Asked): QueryAnswer {
  const counters = asked.models.plays.counters();
  return found(asked, { items: namesOf(asked, counters).map((name) => playItem(asked, name, counters)) });
}

export function play(asked: Asked, { play: name }: { play: string }): QueryAnswer {
  const counters = asked.models.plays.counters();
  if (!namesOf(asked, counters).includes(name)) return notFound(asked);
  const defined = definedPlays(asked).find((one) => one.name === name);
  return found(asked, { ...playItem(asked, name, counters), ...(defined && { definition: defined }) });
}

/** Those of the newest definition in its order, then those that are gone from it and were entered once. */
function namesOf(asked: Asked, counters: readonly PlayCounterRow[]): string[] {
  return [...new Set([...definedPlays(asked).map((one) => one.name), ...counters.map((row) => row.play)])];
}

function definedPlays(asked: Asked): readonly Play[] {
  const version = asked.sources.latestDefinition();
  return version === 0 ? [] : (asked.sources.compiled(version).definition.plays?.plays ?? []);
}

function playItem(asked: Asked, name: string, counters: readonly PlayCounterRow[]): object {
  const defined = definedPlays(asked).find((one) => one.name === name);
  const own = counters.filter((row) => row.play === name);
  const acted = new Counts(own.filter((row) => !row.held));
  const held = new Counts(own.filter((row) => row.held));
  const pause = pausesOf(asked, FIRST_PARTITION).find((one) => one.play === name && one.until === null);
  return {
    play: name,
    ...(defined
      ? {
          ...{ why: defined.why, owner: defined.owner, purpose: defined.purpose, trigger: defined.trigger.on },
          ...{ holdout: defined.holdout, hasGoal: defined.goal !== undefined },
        }
      : { gone: true }),
    paused: pause !== undefined,
    ...(pause && { pausedSince: iso(pause.from) }),
    ...acted.item(),
    heldOut: held.item(),
    comparison: comparison(acted, held),
  };
}

/** First entries only, by assignment; Newcombe's interval of the difference, 95 %. null = one of the two groups is empty. */
function comparison(acted: Counts, held: Counts): object | null {
  const [a, n] = [acted.of('first converted'), acted.of('first')];
  const [b, m] = [held.of('first converted'), held.of('first')];
  const difference = newcombe(a, n, b, m);
  if (difference === null) return null;
  return {
    ...{ method: 'newcombe', level: 0.95, ...difference },
    actedOn: { entered: n, converted: a },
    heldOut: { entered: m, converted: b },
  };
}

class Counts {
  private readonly counts: ReadonlyMap<string, number>;

  constructor(rows: readonly PlayCounterRow[]) {
    this.counts = new Map(rows.map((row) => [row.what, row.count]));
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  item(): object {
    return {
      entered: this.of('entered'),
      waiting: this.of('under way'),
      completed: this.of('exited:completed'),
      converted: this.of('converted'),
      exited: this.reasons('exited:'),
      withheld: this.reasons('withheld:'),
    };
  }

  private reasons(prefix: string): { [reason: string]: number } {
    const own = [...this.counts].filter(([what]) => what.startsWith(prefix));
    return Object.fromEntries(own.map(([what, count]) => [what.slice(prefix.length), count]));
  }
}
