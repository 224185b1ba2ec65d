/** Words for the parts of a decision: what is done, why not, when. */
import type { ConditionEvidence } from '../../decision';
import { conditionSentence, dateWords, isAsWanted } from '../../language/words/condition-words';
import { conditionParts } from '../../language/words/canonical-text';
import type { WithheldReason } from '../guards.types';
import type { ChannelName, Verb } from '../play';
import type { EntryTrigger, ExitReason } from '../play-decisions';
import type { SettledResult } from '../play-state';

const BY_CHANNEL: Readonly<Record<string, string>> = {
  email: 'by e-mail',
  webhook: 'by webhook',
  task: 'by a human',
  survey: 'by a survey',
  chat: 'in the chat',
  log: 'in the log',
};

/** Why something was not done. */
export const WITHHELD_WORDS: Readonly<Record<WithheldReason, string>> = {
  audience: 'it is not meant for this customer',
  consent: 'there is no consent',
  suppression: 'the address must not be used',
  openComplaint: 'a complaint is open',
  giveFirst: 'nothing was given yet',
  badExperience: 'a bad experience is too recent',
  thanksOwed: 'thanks are owed first',
  openAsk: 'another ask is open',
  cooldown: 'the last ask is too recent',
  asksInWindow: 'enough was asked lately',
  cap: 'enough was sent lately',
  quiet: 'quiet hours',
  priority: 'another action went first',
  holdout: 'held out for comparison',
  paused: 'the play is paused',
  full: 'too many actions are open',
  stale: 'it had waited too long',
};

export const SETTLED_WORDS: Readonly<Record<SettledResult, string>> = {
  delivered: 'done',
  failed: 'failed',
  expired: 'not done in time',
  withdrawn: 'withdrawn',
  'in-doubt': 'in doubt',
  silent: 'no word came of what became of it',
  answeredElsewhere: 'settled elsewhere',
  stopped: 'stopped',
};

export const EXIT_WORDS: Readonly<Record<ExitReason, string>> = {
  completed: 'its steps are over',
  converted: 'its goal is reached',
  exitRule: 'its exit rule holds',
  stopped: 'stopped by hand',
  withheld: 'an action was withheld for good',
  retired: 'its version is no longer kept',
  goalMissed: 'the time of its goal is over',
};

/** `asking for reference by a human`, `giving thanks by e-mail`, `the task call-back`. */
export function actWords({ verb, what, channel }: { verb: Verb; what: string; channel: ChannelName }): string {
  const by = BY_CHANNEL[channel] ?? `by ${channel}`;
  const thing = what.replaceAll('-', ' ');
  switch (verb) {
    case 'give':
      return `giving ${thing} ${by}`;
    case 'ask':
      return `asking for ${thing} ${by}`;
    case 'tell':
      return `telling of ${thing} ${by}`;
    case 'task':
      return `the task "${thing}"`;
  }
}

export function triggerWords(trigger: EntryTrigger): string {
  switch (trigger.on) {
    case 'stage':
      return trigger.from === null ? `became ${trigger.to}` : `${trigger.from} -> ${trigger.to}`;
    case 'engagement':
      return trigger.from === null ? `engagement ${trigger.to}` : `engagement ${trigger.from} -> ${trigger.to}`;
    case 'touchpoint':
      return `${trigger.type} on ${dateWords(trigger.occurredAt)}`;
    case 'date':
      return `${trigger.property} ${dateWords(trigger.date)}`;
    case 'audience':
      return `the audience of ${momentWords(trigger.run)}`;
    case 'command':
      return `by hand (${trigger.by})`;
  }
}

/** `2026-03-04 09:00 UTC` */
export function momentWords(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What decided: the conditions that are as their rule wants them; all where none is. */
export function evidenceWords(evidence: readonly ConditionEvidence[]): string {
  const wanted = evidence.filter(isAsWanted);
  return (wanted.length > 0 ? wanted : evidence).map(conditionWords).join(', ');
}

/** Conditions of stages in sentences; those of plays with what was found, where that says more. */
function conditionWords(evidence: ConditionEvidence): string {
  const { condition, value, holds } = evidence;
  if (conditionParts(condition) !== undefined) return conditionSentence(evidence);
  const found = typeof value === 'string' || typeof value === 'number' ? ` (is ${value})` : '';
  return `${holds ? '' : 'not '}${condition}${found}`;
}
