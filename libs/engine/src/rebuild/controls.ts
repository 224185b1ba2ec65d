/** A partition's control events as one customer meets them: each at its position, with nobody else in front. */
import { type ClockTicked, type DefinitionAdopted, EVENT, type HistorySettled } from '../loop/control-events';
import { type AudienceRun, begunRun } from '../loop/audience-schedule';
import type { PendingControl } from '../loop/partition-state';
import { type KnownPause, withPlayControl } from '../loop/play-pauses';
import { TreatedEarly } from '../loop/treated-early';
import type { Control } from './partition-inputs';

export interface Tick {
  position: number;
  until: number;
  id: Uint8Array;
}

export class ControlLine {
  /** Settlings, adoptions and audience runs in log order, continuations left out. */
  readonly begun: (PendingControl & { id: Uint8Array })[] = [];
  readonly ticks: Tick[] = [];
  /** The last run of each audience. */
  audiences: AudienceRun[] | undefined;
  /** When a version with audiences was adopted last. */
  audiencesSince: number | undefined;
  private readonly positions: number[] = [];
  private readonly greatestAt: number[] = [];
  /** Greatest version adopted so far, beside the position of its adoption. */
  private readonly adoptions: { position: number; version: number }[] = [];

  /** What is paused after each control event that changed it. */
  private readonly pauses: { position: number; pauses: readonly KnownPause[] }[] = [];

  constructor(
    controls: Control[],
    private readonly hasAudiences: (version: number) => boolean,
  ) {
    let greatest = 0;
    let version = 0;
    for (const control of controls) {
      if (control.type !== EVENT.clockJudged) greatest = Math.max(greatest, control.at);
      this.positions.push(control.position);
      this.greatestAt.push(greatest);
      version = this.begin(control, version);
      this.pause(control, greatest);
    }
  }

  private begin(control: Control, version: number): number {
    const { position, at, id } = control;
    if (control.type === EVENT.clockTicked) {
      const { until } = JSON.parse(control.data) as ClockTicked;
      this.ticks.push({ position, until: Math.min(until, at), id });
    } else if (control.type === EVENT.historySettled) {
      const settled = JSON.parse(control.data) as HistorySettled;
      if (settled.continues === undefined)
        this.begun.push({ kind: 'settle', position, at, after: '', customers: settled.customers, id });
    } else if (control.type === EVENT.definitionAdopted) {
      const adopted = JSON.parse(control.data) as DefinitionAdopted;
      if (adopted.continues !== undefined || adopted.version <= version) return version;
      this.begun.push({ kind: 'adopt', position, at, after: '', version: adopted.version, id });
      this.adoptions.push({ position, version: adopted.version });
      if (this.hasAudiences(adopted.version)) this.audiencesSince = at;
      return adopted.version;
    } else this.beginAudience(control);
    return version;
  }

  private beginAudience({ type, data, position, at, id }: Control): void {
    const begun = begunRun(this.audiences, type, data);
    if (begun === null) return;
    const { play, run } = begun.due;
    this.audiences = begun.runs;
    this.begun.push({ kind: 'audience', position, at, after: '', play, run, early: new TreatedEarly(), id });
  }

  private pause({ type, data, position }: Control, at: number): void {
    const before = this.pauses.at(-1)?.pauses;
    const after = withPlayControl(before, type, data, at);
    if (after !== undefined && after !== before) this.pauses.push({ position, pauses: after });
  }

  /** Pauses that are known when the input at this position is folded; undefined = none was ever made. */
  pausesBefore(position: number): readonly KnownPause[] | undefined {
    for (let i = this.pauses.length - 1; i >= 0; i--)
      if (this.pauses[i]!.position < position) return this.pauses[i]!.pauses;
    return undefined;
  }

  /** Engine time that the control events before this position give everybody. */
  atBefore(position: number): number {
    const index = countBelow(this.positions, position);
    return index === 0 ? 0 : this.greatestAt[index - 1]!;
  }

  versionBefore(position: number): number {
    let version = 0;
    for (const adoption of this.adoptions) if (adoption.position < position) version = adoption.version;
    return version;
  }

  get tickedUntil(): number {
    return this.ticks.reduce((greatest, tick) => Math.max(greatest, tick.until), 0);
  }

  /** The first tick between two positions (both excluded) that reaches `due`; ticks are in order of position, their moments too. */
  tickFor(due: number, after: number, before: number): Tick | null {
    let low = 0;
    let high = this.ticks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const tick = this.ticks[middle]!;
      if (tick.position <= after || tick.until < due) low = middle + 1;
      else high = middle;
    }
    const tick = this.ticks[low];
    return tick && tick.position < before ? tick : null;
  }
}

/** How many of the sorted numbers are below the limit. */
function countBelow(sorted: number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
