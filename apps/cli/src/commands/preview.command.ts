/** `rapport preview`: what a template says to a customer. */
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { printable } from '../output/table';
import { onTarget } from '../target/open-target';
import { pageEnd } from './customer-plays.commands';
import { unknownCustomer } from './customers.command';
import type { JsonFlags } from './operations.commands';

interface PreviewAnswer {
  customerId: string;
  template: string;
  play?: string;
  from: 'action' | 'enrolment' | 'sample' | 'nothing';
  cause: { touchpoint?: { type: string; occurredAt: string } };
  subject?: string;
  text?: string;
  html?: string;
  survey?: { kind: string; question: string; choices: string[] };
  failed?: string;
  position: number;
  asOf: string;
}

export function preview(template: string, customerId: string, flags: JsonFlags & { play?: string }): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'preview', params: { template, customerId, play: flags.play } });
    if (!answer.found) throw unknownCustomer(customerId, target);
    const shown = JSON.parse(answer.json) as PreviewAnswer;
    say(flags.json ? answer.json : previewText(shown));
    if (shown.failed === undefined) return EXIT.ok;
    throw new CommandFailed(EXIT.failure, `No message can be made for ${JSON.stringify(customerId)}: ${shown.failed}.`);
  });
}

const FROM: Readonly<Record<PreviewAnswer['from'], string>> = {
  action: 'the last message that it was made for',
  enrolment: 'the enrolment that leads to it',
  sample: 'the newest touchpoint, as a sample',
  nothing: 'nothing: there is no touchpoint',
};

function previewText(answer: PreviewAnswer): string {
  const { template, play, customerId, from, cause, subject, text = '', html, survey } = answer;
  const of = play === undefined ? '' : ` of ${play}`;
  const touchpoint = cause.touchpoint === undefined ? '' : ` (${cause.touchpoint.type})`;
  return [
    printable(`${template}${of} to ${customerId}; cause: ${FROM[from]}${touchpoint}`),
    ...(subject === undefined ? [] : [printable(`Subject: ${subject}`)]),
    '',
    ...text.trim().split('\n').map(printable),
    ...(html === undefined ? [] : ['', '(and the same as HTML: --json shows it)']),
    ...(survey === undefined
      ? []
      : ['', printable(`Page: ${survey.kind}: ${survey.question} ${survey.choices.join(' / ')}`)]),
    '',
    ...pageEnd(answer),
  ].join('\n');
}
