/** `rapport why`: the stage of one customer in words, with what is missing for the next. */
import { EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable } from '../output/table';
import { openTarget } from '../target/open-target';
import type { StoreFlags } from '../target/store-options';
import type { WhyAnswer } from './answers.types';
import { unknownCustomer } from './customers.command';

export async function why(customerId: string, flags: StoreFlags & { json?: boolean }): Promise<ExitCode> {
  const target = await openTarget(flags);
  try {
    const answer = await target.query({ name: 'why', params: { customerId } });
    if (!answer.found) throw unknownCustomer(customerId, target);
    say(flags.json ? answer.json : whyText(JSON.parse(answer.json) as WhyAnswer));
    return EXIT.ok;
  } finally {
    await target.close();
  }
}

function whyText(answer: WhyAnswer): string {
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
  lines.push('', `As of position ${answer.position} (${formatMoment(answer.asOf)} UTC).`);
  return lines.map(printable).join('\n');
}
