/** When audiences run: each play by its local time, once in each partition, the last run missed and none before it. */
import { type AudienceDue, type CompiledDefinition, nextLocal, type Play, PLAY_CONTROL } from '@rapport/journey';
import type { Definitions } from './definitions';
import type { PartitionState } from './partition-state';

/** The last run of a play that a partition has begun. */
export interface AudienceRun {
  play: string;
  /** The scheduled moment, ms. */
  run: number;
}

/** Null = a repeat, or older than what ran already: it decides nothing. */
export function begunRun(
  runs: readonly AudienceRun[] | undefined,
  type: string,
  data: string,
): { due: AudienceDue; runs: AudienceRun[] } | null {
  if (type !== PLAY_CONTROL.audienceDue) return null;
  const due = JSON.parse(data) as AudienceDue;
  if (due.continues !== undefined) return null;
  const { play, run } = due;
  const last = runs?.find((one) => one.play === play);
  if (last && last.run >= run) return null;
  return { due, runs: [...(runs ?? []).filter((one) => one !== last), { play, run }] };
}

type AudiencePlay = Play & { trigger: { on: 'audience' } };

interface Planned {
  after: number;
  next: number;
}

export class AudienceSchedule {
  /** By partition and play: the next run, worked out once. */
  private readonly planned = new Map<string, Planned>();

  constructor(private readonly definitions: Definitions) {}

  /** The run that is to begin now; null = none. */
  due(partition: PartitionState, now: number): AudienceRun | null {
    if (partition.definitionVersion === 0) return null;
    const compiled = this.definitions.compiled(partition.definitionVersion).plays;
    if (compiled === null) return null;
    for (const { play } of compiled.plays) {
      if (!isAudience(play)) continue;
      const run = this.runOf(play, compiled.timeZone, partition, now);
      if (run !== null) return { play: play.name, run };
    }
    return null;
  }

  private runOf(play: AudiencePlay, timeZone: string, partition: PartitionState, now: number): number | null {
    const key = `${partition.partition}|${partition.definitionVersion}|${play.name}`;
    const last = partition.audiences?.find((one) => one.play === play.name)?.run;
    // What never ran starts from its adoption: a run before that was never promised.
    const after = Math.max(last ?? 0, partition.audiencesSince ?? 0);
    if (after === 0) return null;
    const { at, weekdays } = play.trigger;
    const nextAfter = (moment: number): number => nextLocal(moment + 1, timeZone, at, weekdays);
    let planned = this.planned.get(key);
    if (planned?.after !== after) this.planned.set(key, (planned = { after, next: nextAfter(after) }));
    if (planned.next > now) return null;
    let run = planned.next;
    for (let later = nextAfter(run); later <= now; later = nextAfter(run)) run = later;
    return run;
  }
}

export function hasAudiences(compiled: CompiledDefinition): boolean {
  return compiled.plays?.plays.some(({ play }) => isAudience(play)) ?? false;
}

function isAudience(play: Play): play is AudiencePlay {
  return play.trigger.on === 'audience';
}
