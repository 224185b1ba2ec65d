/** A newer definition: who is under way stays with the version entered, migrates where its play says so, or is too far behind. */
import type { CompiledDefinition } from '../../core/compile-definition';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { CompiledPlay } from '../compile/compiled-play';
import type { AdoptPlays, CompiledPlays } from '../play-core.types';
import type { Enrolment, PlayDate } from '../play-state';
import { clonePlays, dateDue, emptyPlays } from '../state/play-states';
import { noteDates } from './dates';
import { exitWhereRuled } from './exits';
import type { Instant } from './instant';
import { leave } from './leaving';
import { ledgerOf } from './ledger-of';
import { byMoment, stillInstant } from './settle-plays';
import { finishPlays } from './step-plays';
import { forgetScheduled } from './triggers';

export const adoptPlays: AdoptPlays = (before, adopted, timeline, at, facts, decisions) => {
  const compiled = adopted.compiled.plays;
  const touchpoints = timeline.map((item) => item.touchpoint);
  if (compiled === null || facts === undefined) {
    for (const one of before.plays?.enrolments ?? []) {
      const { play, enrolment, version: playVersion, step } = one;
      const cause = { kind: 'definition', version: adopted.compiled.version } as const;
      if (one.phase !== 'watching')
        decisions.push({ type: 'PlayExited', play, enrolment, playVersion, at, reason: 'retired', step, cause });
    }
    return;
  }
  const plays = (adopted.plays = before.plays === null ? emptyPlays() : clonePlays(before.plays));
  plays.ledger = ledgerOf(adopted.compiled, touchpoints);
  const cause = { kind: 'definition', version: adopted.compiled.version } as const;
  const instant = stillInstant(adopted, at, cause, facts, decisions);
  for (const enrolment of [...plays.enrolments]) follow(instant, before.compiled.plays, compiled, enrolment);
  plays.dates = datesOf(adopted.compiled, compiled, plays.dates, touchpoints, at);
  forgetScheduled(instant);
  exitWhereRuled(instant);
  finishPlays(adopted, compiled);
};

function follow(instant: Instant, before: CompiledPlays | null, compiled: CompiledPlays, enrolment: Enrolment): void {
  const old = before?.of(enrolment.play, enrolment.version);
  const now = compiled.current(enrolment.play);
  const changed = old !== undefined && now !== undefined && now.text !== old.text;
  if (changed && now.play.migrate && hasSameStep(old, now, enrolment.step)) return migrate(instant, enrolment, now);
  const same = old === undefined ? undefined : compiled.equalTo(old.text);
  if (same !== undefined) return rename(instant, enrolment, same.version);
  if (compiled.of(enrolment.play, enrolment.version) === undefined) leave(instant, enrolment, 'retired');
}

function migrate(instant: Instant, enrolment: Enrolment, now: CompiledPlay): void {
  const { version: fromVersion, step } = enrolment;
  enrolment.version = now.version;
  instant.say({ type: 'PlayMigrated', ...instant.head(enrolment), fromVersion, step, cause: instant.cause });
}

/** The same play under another number: nothing changes for anybody. */
function rename(instant: Instant, enrolment: Enrolment, version: number): void {
  for (const action of instant.plays.actions) {
    if (action.play === enrolment.play && action.version === enrolment.version) action.version = version;
  }
  enrolment.version = version;
}

/** '' = only its goal is watched. */
function hasSameStep(old: CompiledPlay, now: CompiledPlay, path: string): boolean {
  if (path === '') return true;
  const kind = old.steps.get(path)?.step.step;
  return kind !== undefined && now.steps.get(path)?.step.step === kind;
}

/** Of the newest document, from everything that was said; what was done for a date stays done. */
function datesOf(
  definition: CompiledDefinition,
  compiled: CompiledPlays,
  known: readonly PlayDate[],
  touchpoints: readonly FoldedTouchpoint[],
  at: number,
): PlayDate[] {
  const dated = emptyPlays();
  for (const touchpoint of [...touchpoints].sort(byMoment))
    noteDates(dated, definition.plan(touchpoint.type).plays?.dates ?? [], touchpoint, at + 1);
  for (const one of dated.dates) {
    const before = known.find((each) => each.play === one.play && each.date === one.date);
    if (before?.done === true || dateDue(one, compiled) <= at) one.done = true;
  }
  return dated.dates;
}
