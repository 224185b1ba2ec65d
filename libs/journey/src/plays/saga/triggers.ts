/** Triggers, in the order of the plays in the document. Live instants only. */
import { shareOf } from '../holdout/share-of';
import type { CompiledPlay } from '../compile/compiled-play';
import type { EntryTrigger } from '../play-decisions';
import type { Trigger } from '../play';
import type { PlayMoment } from '../play-core.types';
import { playRuleHolds } from '../rules/play-rule-holds';
import { dateDue, withAdded, without } from '../state/play-states';
import { noteDates } from './dates';
import { tryEnter } from './entering';
import type { Instant } from './instant';

export function enterTriggered(instant: Instant): void {
  const { touchpoint, plan } = instant.moment;
  if (touchpoint !== null && plan !== null) noteDates(instant.plays, plan.dates, touchpoint, instant.at);
  scheduleAudience(instant);
  for (const play of concerned(instant)) {
    const trigger = triggerOf(instant, play);
    if (trigger !== null) tryEnter(instant, play, { trigger, override: false, byHand: false });
  }
}

const NO_PLAYS: readonly CompiledPlay[] = [];

/** Plays that this instant may trigger, and perhaps others, in the order of the document: mostly none. */
function concerned({ moment, plays, compiled }: Instant): readonly CompiledPlay[] {
  const { stage, engagement, plan } = moment;
  const triggers = plan === null ? NO_PLAYS : plan.triggers;
  if (plays.dates.length + plays.scheduled.length > 0) return compiled.plays;
  if (stage === null && engagement === null) return triggers;
  if (triggers.length > 0 || (stage !== null && engagement !== null)) return compiled.plays;
  return stage === null ? compiled.onEngagement : compiled.onStage;
}

/** Whether a change of stage or engagement triggers the play, `who` and `again` apart. */
export function isTriggeredBy(moment: PlayMoment, { play }: CompiledPlay): boolean {
  const { trigger } = play;
  if (trigger.on === 'stage') return stageTrigger(moment, trigger) !== null;
  return trigger.on === 'engagement' && engagementTrigger(moment, trigger) !== null;
}

function triggerOf(instant: Instant, play: CompiledPlay): EntryTrigger | null {
  const { trigger } = play.play;
  switch (trigger.on) {
    case 'stage':
      return stageTrigger(instant.moment, trigger);
    case 'engagement':
      return engagementTrigger(instant.moment, trigger);
    case 'touchpoint':
      return touchpointTrigger(instant, play);
    case 'date':
      return dateTrigger(instant, play, trigger);
    case 'audience':
      return scheduledTrigger(instant, play);
    case 'manual':
      return null;
  }
}

/** Where both are named, both must be. */
function stageTrigger(moment: PlayMoment, { entered, left }: Trigger & { on: 'stage' }): EntryTrigger | null {
  if (moment.stage === null) return null;
  const { from, to } = moment.stage;
  if (entered !== undefined && !entered.includes(to)) return null;
  if (left !== undefined && (from === null || !left.includes(from))) return null;
  return { on: 'stage', from, to };
}

function engagementTrigger(moment: PlayMoment, trigger: Trigger & { on: 'engagement' }): EntryTrigger | null {
  if (moment.engagement === null) return null;
  const { from, to } = moment.engagement;
  if (!trigger.to.includes(to)) return null;
  if (trigger.from !== undefined && (from === null || !trigger.from.includes(from))) return null;
  return { on: 'engagement', from, to };
}

function touchpointTrigger({ moment }: Instant, play: CompiledPlay): EntryTrigger | null {
  const { touchpoint, plan } = moment;
  if (touchpoint === null || plan === null || !plan.triggers.includes(play)) return null;
  if (play.trigger === null || !play.trigger.matches(touchpoint)) return null;
  const { touchpointId, type, occurredAt } = touchpoint;
  return { on: 'touchpoint', touchpointId, type, occurredAt };
}

/** Once for each newest value. */
function dateTrigger(instant: Instant, play: CompiledPlay, trigger: Trigger & { on: 'date' }): EntryTrigger | null {
  const date = instant.plays.dates.find((one) => one.play === play.play.name);
  if (date === undefined || dateDue(date, instant.compiled) > instant.at) return null;
  date.done = true;
  return { on: 'date', property: trigger.property, date: date.date, touchpointId: date.saidBy };
}

/** An audience run: everybody of whom `who` holds, each at a moment of their own within the spread. */
function scheduleAudience(instant: Instant): void {
  const { audience } = instant.moment;
  if (audience === null) return;
  const play = instant.compiled.current(audience.play);
  if (play?.play.trigger.on !== 'audience') return;
  const { state, facts, plays, at } = instant;
  if (play.who !== null && !playRuleHolds(state, play.who, facts, at)) return;
  const share = shareOf(facts.customerId, play.play.salt, `audience ${audience.run}`);
  const own = audience.run + Math.floor(share * play.play.trigger.spread);
  const others = plays.scheduled.filter((one) => one.play !== audience.play);
  plays.scheduled = withAdded(others, { play: audience.play, run: audience.run, at: Math.max(own, at) });
}

function scheduledTrigger(instant: Instant, play: CompiledPlay): EntryTrigger | null {
  const { plays, at } = instant;
  const entry = plays.scheduled.find((one) => one.play === play.play.name);
  if (entry === undefined || entry.at > at) return null;
  plays.scheduled = without(plays.scheduled, entry);
  return { on: 'audience', run: entry.run };
}

/** Of plays that are gone, or have another trigger now. */
export function forgetScheduled(instant: Instant): void {
  const { plays, compiled } = instant;
  for (const entry of plays.scheduled) {
    if (compiled.current(entry.play)?.play.trigger.on !== 'audience') plays.scheduled = without(plays.scheduled, entry);
  }
}
