import { formatDuration } from '../../language/duration';
import type { Candidate, Cap, GuardsDefinition } from '../guards.types';
import { countsFor } from '../ledger/contacts';
import { TASK_CHANNEL } from '../ledger/ledger-state';
import type { Guard, GuardQuestion, GuardVerdict } from './guard';
import { room, sendsOf } from './windows';

/** Every cap that the candidate would count for. One entry for all: it names the fullest, which is that with the last `until` where there is none left. */
export const capGuard: Guard = {
  name: 'cap',
  concerns: (candidate, guards) => candidate.channel !== TASK_CHANNEL && capsFor(candidate, guards).length > 0,
  words: (candidate, guards) => capsFor(candidate, guards).map(capWords).join(', '),
  check: (question, at) => {
    let worst: GuardVerdict | undefined;
    const { channel, purpose } = question.candidate;
    for (const cap of question.guards.caps) {
      if (!countsFor(cap, channel, purpose)) continue;
      const verdict = checkCap(question, cap, at);
      if (worst === undefined || isWorse(verdict, worst)) worst = verdict;
    }
    return worst ?? { holds: true, value: null };
  },
};

function capsFor({ channel, purpose }: Candidate, { caps }: GuardsDefinition): readonly Cap[] {
  return caps.filter((cap) => countsFor(cap, channel, purpose));
}

function checkCap(question: GuardQuestion, cap: Cap, at: number): GuardVerdict {
  const sends = sendsOf(question, (send) => countsFor(cap, send.channel, send.purpose));
  return room(sends, cap.atMost, cap.within, at);
}

/** A full cap is worse than one with room, a later end worse than an earlier one. */
function isWorse(a: GuardVerdict, b: GuardVerdict): boolean {
  if (a.holds) return b.holds && Number(a.value) > Number(b.value);
  return b.holds || (a.until ?? Infinity) > (b.until ?? Infinity);
}

function capWords({ channel, purpose, atMost, within }: Cap): string {
  const by = channel === undefined ? '' : ` by ${channel}`;
  const on = purpose === undefined ? '' : ` for ${purpose}`;
  return `at most ${atMost}${by}${on} within ${formatDuration(within)}`;
}
