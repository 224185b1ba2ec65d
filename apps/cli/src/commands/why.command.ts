/** `rapport why`: the stage of one customer in words, what is missing for the next, and what plays did last. */
import { EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable } from '../output/table';
import { openTarget } from '../target/open-target';
import type { StoreFlags } from '../target/store-options';
import type { Target } from '../target/target';
import type { WhyAnswer } from './answers.types';
import { unknownCustomer } from './customers.command';

const ACTS: readonly string[] = ['ActionRequested', 'ActionWithheld'];
const ACTS_SHOWN = 5;
const TIMELINE_ITEMS = 200;

export async function why(customerId: string, flags: StoreFlags & { json?: boolean }): Promise<ExitCode> {
  const target = await openTarget(flags);
  try {
    const answer = await target.query({ name: 'why', params: { customerId } });
    if (!answer.found) throw unknownCustomer(customerId, target);
    if (flags.json) say(answer.json);
    else say(whyText(JSON.parse(answer.json) as WhyAnswer, await lastActs(customerId, target)));
    return EXIT.ok;
  } finally {
    await target.close();
  }
}

/** What plays have asked for or withheld, with the reason; newest first, of the newest TIMELINE_ITEMS. Empty where there is nothing. */
async function lastActs(customerId: string, target: Target): Promise<string[]> {
  // The timeline knows a customer's own; the list of decisions would look through those of everybody.
  const answer = await target.query({ name: 'timeline', params: { customerId, limit: TIMELINE_ITEMS } });
  if (!answer.found) return [];
  const { items } = JSON.parse(answer.json) as { items: { type?: string; at?: string; sentence?: string }[] };
  return items
    .filter(({ type = '' }) => ACTS.includes(type))
    .slice(0, ACTS_SHOWN)
    .map(({ at = '', sentence = '' }) => `  ${formatMoment(at)}  ${sentence}`);
}

function whyText(answer: WhyAnswer, acts: readonly string[]): string {
  const { engagement, next } = answer;
  const lines = [
    `${printable(answer.customerId)} is ${answer.stage ?? 'on no stage yet'} since ${formatMoment(answer.since)} UTC: ${answer.sentence}`,
    `Engagement is ${engagement.value ?? 'not known yet'} since ${formatMoment(engagement.since)} UTC: ${engagement.sentence}`,
    '',
    'Rungs:',
    ...answer.rungs.map(({ stage, holds, sentence }) => `  ${holds ? 'holds' : 'fails'}  ${stage}: ${sentence}`),
  ];
  if (next !== undefined) {
    lines.push('', `Missing for ${next.stage}:`, ...next.missing.map(({ sentence }) => `  ${sentence}`));
  }
  if (acts.length > 0) lines.push('', 'What plays did last:', ...acts);
  lines.push('', `As of position ${answer.position} (${formatMoment(answer.asOf)} UTC).`);
  return lines.map(printable).join('\n');
}
