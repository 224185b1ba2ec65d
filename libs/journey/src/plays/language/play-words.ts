/** Decisions of plays in plain English. */
import type { ActionInDoubt, ActionRequested, ActionSettled, ActionWithheld } from '../play-decisions';
import type { PlayDecision, PlayStepped, TaskChanged } from '../play-decisions';
import { spanWords } from '../../language/words/condition-words';
import { formatDuration } from '../../language/duration';
import {
  actWords,
  evidenceWords,
  EXIT_WORDS,
  momentWords,
  SETTLED_WORDS,
  triggerWords,
  WITHHELD_WORDS,
} from './decision-words';

/**
 * `after-the-deed: asking for reference by a human withheld until 2026-03-04 08:00 UTC: the last ask is too recent (no ask within
 * 30d)`. One sentence, the play first.
 * @param customerId put in front where given
 */
export function playSentence(decision: PlayDecision, customerId?: string): string {
  const who = customerId === undefined ? '' : `${customerId}: `;
  const play = 'play' in decision ? `${decision.play}: ` : '';
  return `${who}${play}${said(decision)}`;
}

function said(decision: PlayDecision): string {
  switch (decision.type) {
    case 'PlayEntered': {
      const held = decision.held ? ', held out for comparison: nothing is done' : '';
      return `entered on ${momentWords(decision.at)}, ${triggerWords(decision.trigger)}${held}${because(decision.evidence)}`;
    }
    case 'EntryWithheld': {
      const why = WITHHELD_WORDS[decision.reason];
      return `not entered on ${momentWords(decision.at)}, ${triggerWords(decision.trigger)}: ${why}`;
    }
    case 'PlayStepped':
      return `step ${decision.step}: ${stepped(decision)}`;
    case 'PlayWaiting':
      return `waits ${decision.for === undefined ? '' : `for ${decision.for}, `}until ${momentWords(decision.until)}`;
    case 'ActionRequested':
    case 'ActionWithheld':
    case 'ActionSettled':
    case 'ActionInDoubt':
    case 'TaskChanged':
      return actionSaid(decision);
    case 'PlayConverted':
      return `reached its goal ${spanWords(wholeSpan(decision.after))} after it was entered (${decision.touchpointId})`;
    case 'PlayExited': {
      const more = decision.detail === undefined ? '' : ` (${decision.detail})`;
      return `left on ${momentWords(decision.at)}: ${EXIT_WORDS[decision.reason]}${more}${because(decision.evidence)}`;
    }
    case 'PlayMigrated':
      return `moved from version ${decision.fromVersion} to ${decision.playVersion} at step ${decision.step}`;
    case 'CommandRefused':
      return `${decision.command} refused on ${momentWords(decision.at)}: ${decision.detail}`;
  }
}

type ActionDecision = ActionRequested | ActionWithheld | ActionSettled | ActionInDoubt | TaskChanged;

function actionSaid(decision: ActionDecision): string {
  switch (decision.type) {
    case 'ActionRequested': {
      const to = decision.team === undefined ? '' : `, team ${decision.team}`;
      const sla = decision.slaDue === undefined ? '' : `, due ${momentWords(decision.slaDue)}`;
      const over =
        decision.override === undefined ? '' : `; ${decision.override.by} overrode: ${decision.override.reason}`;
      return `${actWords(decision)} requested${to}${sla}, not after ${momentWords(decision.sendBefore)}${over}`;
    }
    case 'ActionWithheld':
      return withheld(decision);
    case 'ActionSettled': {
      const at = decision.sentAt === undefined ? '' : ` on ${momentWords(decision.sentAt)}`;
      const why = decision.reason === undefined ? '' : ` (${decision.reason})`;
      return `step ${decision.step}: ${SETTLED_WORDS[decision.result]}${at}${why}${decision.refunded ? ', counts no more' : ''}`;
    }
    case 'ActionInDoubt':
      return `step ${decision.step}: sent, and no answer came: it is in doubt`;
    case 'TaskChanged': {
      const who = decision.assignee === undefined ? '' : ` by ${decision.assignee}`;
      const until = decision.claimedUntil === undefined ? '' : ` until ${momentWords(decision.claimedUntil)}`;
      const outcome = decision.outcome === undefined ? '' : `: ${decision.outcome}`;
      return `task ${TASK_WORDS[decision.change]}${who}${until}, team ${decision.team}${outcome}`;
    }
  }
}

const TASK_WORDS = {
  claimed: 'claimed',
  claimExpired: 'free again, the claim is over',
  givenBack: 'given back',
  reassigned: 'given to others',
  escalated: 'escalated',
  finished: 'finished',
} as const;

function because(evidence: Parameters<typeof evidenceWords>[0] | undefined): string {
  return evidence === undefined || evidence.length === 0 ? '' : `: ${evidenceWords(evidence)}`;
}

function stepped({ kind, took, evidence }: PlayStepped): string {
  switch (kind) {
    case 'wait':
    case 'waitUntil':
      return 'the wait is over';
    case 'waitFor':
      return took === 'timeout' ? 'waited in vain' : `what it waited for came (${took})`;
    case 'branch':
      return `${took === 'none' ? 'no arm holds' : `takes arm ${took}`}${because(evidence)}`;
    case 'split':
      return `goes the way "${took}"`;
    case 'set':
      return `remembers "${took}"`;
    case 'end':
      return 'the steps end';
  }
}

/** The guard that said no stands last in the evidence. */
function withheld(decision: ActionWithheld): string {
  const { reason, until, final, then, winner, evidence } = decision;
  const failing = evidence.filter(({ holds }) => !holds).at(-1);
  const detail = failing === undefined ? '' : ` (${failing.condition})`;
  const first = winner === undefined ? '' : ` (${winner})`;
  const when = final ? 'for good' : until === null ? 'until that changes' : `until ${momentWords(until)}`;
  const next = final && then === 'exit' ? '; the play is left' : final ? '; the next step follows' : '';
  return `${actWords(decision)} withheld ${when}: ${WITHHELD_WORDS[reason]}${detail}${first}${next}`;
}

/** Days where it is one at least, else the nearest smaller unit. */
function wholeSpan(ms: number): string {
  for (const unit of [86_400_000, 3_600_000, 60_000]) if (ms >= unit) return formatDuration(ms - (ms % unit));
  return formatDuration(ms - (ms % 1_000));
}
