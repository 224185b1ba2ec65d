/** What the demo prints of plays: messages, tasks, what was withheld and why, and where to look further. */
import type { PlaysAtWork, Withheld } from '../demo/plays-at-work';
import { formatMoment, plural, printable, table } from '../output/table';

const SHOWN_MAX = 12;

export function playsText(work: PlaysAtWork, { url, data }: { url: string; data: string }): string {
  const { moments, inbox, tasks, withheld } = work;
  const { messages } = inbox;
  return [
    `Plays at work: ${plural(moments, 'touchpoint')} came in just now, and this is what the brand does about it.`,
    '',
    `${plural(messages.length, 'message')} in the local inbox (${inbox.url}):`,
    ...indented(
      table(
        ['to', 'subject', 'play'],
        messages.slice(0, SHOWN_MAX).map(({ to, subject, play }) => [to, subject, play]),
      ),
    ),
    ...more(messages.length),
    '',
    `${plural(tasks.length, 'task')} for people:`,
    ...indented(
      table(
        ['team', 'task', 'customer', 'due (UTC)', 'play'],
        tasks.slice(0, SHOWN_MAX).map(({ task, what, customerId, play }) => {
          return [task?.team ?? '-', what, customerId, formatMoment(task?.slaDue ?? null), play];
        }),
      ),
    ),
    ...more(tasks.length),
    '',
    `${plural(withheld.length, 'time')} it kept quiet, and why:`,
    ...withheld.slice(0, SHOWN_MAX).map(told),
    ...more(withheld.length),
    '',
    ...furtherText(work, { url, data }),
  ].join('\n');
}

function told({ customerId, sentence }: Withheld): string {
  return `  ${customerId}: ${printable(sentence)}`;
}

function furtherText({ tasks, withheld }: PlaysAtWork, { url, data }: { url: string; data: string }): string[] {
  const [task] = tasks;
  const [kept] = withheld;
  const server = `--server ${url}`;
  return [
    'Look further:',
    `  npx rapport inbox --data ${data}`,
    `  npx rapport plays ${server}`,
    `  npx rapport tasks ${server}`,
    ...(task ? [`  npx rapport tasks finish ${task.action} done ${server}`] : []),
    ...(kept ? [`  npx rapport why-not ${kept.customerId} ${kept.play} ${server}`] : []),
    ...(kept ? [`  npx rapport ledger ${kept.customerId} ${server}`] : []),
    `  npx rapport effects off ${server}`,
  ];
}

const indented = (text: string): string[] => text.split('\n').map((line) => `  ${line}`);

const more = (count: number): string[] => (count > SHOWN_MAX ? [`  and ${count - SHOWN_MAX} more`] : []);
