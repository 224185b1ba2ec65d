/** `rapport enrolments`, `ledger` and `why-not`: what plays have to say of one customer. */
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable, table } from '../output/table';
import { onTarget } from '../target/open-target';
import { unknownCustomer } from './customers.command';
import type { JsonFlags } from './operations.commands';
import type { EnrolmentsAnswer, LedgerAnswer, WhyNotAnswer } from './play-answers.types';

export interface EnrolmentsFlags extends JsonFlags {
  customer?: string;
  play?: string;
  phase?: string;
  limit: number;
  cursor?: string;
}

export function enrolments(flags: EnrolmentsFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { customer, play, phase, limit, cursor } = flags;
    const params = { customerId: customer, play, phase, limit, cursor };
    const answer = await target.query({ name: 'enrolments', params });
    if (!answer.found) throw unknownCustomer(customer ?? '', target);
    say(flags.json ? answer.json : enrolmentsText(JSON.parse(answer.json) as EnrolmentsAnswer));
    return EXIT.ok;
  });
}

function enrolmentsText({ items, nextCursor, position, asOf }: EnrolmentsAnswer): string {
  const header = ['customer', 'play', 'entered', 'phase', 'step', 'until', 'withheld', 'converted', 'exit'];
  const rows = items.map((item) => [
    item.customerId,
    item.play,
    formatMoment(item.enteredAt),
    item.held ? `${item.phase} (held out)` : item.phase,
    item.step,
    formatMoment(item.until),
    item.withheld || '-',
    formatMoment(item.convertedAt),
    item.exitReason || '-',
  ]);
  return [table(header, rows), ...pageEnd({ nextCursor, position, asOf })].join('\n');
}

export function pageEnd(page: { nextCursor?: string; position: number; asOf: string }): string[] {
  const more = page.nextCursor === undefined ? [] : [`More: --cursor ${page.nextCursor}`];
  return [...more, `As of position ${page.position} (${formatMoment(page.asOf)} UTC).`];
}

export function ledger(customerId: string, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'ledger', params: { customerId } });
    if (!answer.found) throw unknownCustomer(customerId, target);
    say(flags.json ? answer.json : ledgerText(JSON.parse(answer.json) as LedgerAnswer));
    return EXIT.ok;
  });
}

function ledgerText({ ledger: sums, detail, ...page }: LedgerAnswer): string {
  const end = pageEnd(page);
  if (sums === null) return [detail ?? 'No ledger is kept.', ...end].join('\n');
  const header = ['ask next', 'answer rate', 'from', 'why not today'];
  const rows = sums.next.map(({ kind, rate, eligibleAt, whyNot }) => [
    kind,
    percent(rate),
    whyNot.length === 0 ? 'now' : formatMoment(eligibleAt),
    whyNot.map((one) => one.reason).join(', ') || '-',
  ]);
  return [
    `${printable(page.customerId)} was asked ${sums.asked} times: ${sums.answered} answered, ${sums.declined} declined, ` +
      `${sums.unanswered} left unanswered, ${sums.open.length} open. Answer rate ${percent(sums.answerRate)}.`,
    `Given ${sums.given}, received ${sums.received}. Thanks owed: ${sums.thanksOwedByBrand} by the brand, ${sums.thanksOwedByCustomer} by the customer.`,
    ...(sums.driver === null ? [] : [`Driver: ${printable(sums.driver)}.`]),
    '',
    table(header, rows),
    ...end,
  ].join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function whyNot(customerId: string, play: string, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'whyNot', params: { customerId, play } });
    if (!answer.found) {
      const what = `customer ${JSON.stringify(customerId)}, or no play ${JSON.stringify(play)},`;
      throw new CommandFailed(EXIT.notFound, `There is no ${what} in ${target.name}.`);
    }
    say(flags.json ? answer.json : whyNotText(JSON.parse(answer.json) as WhyNotAnswer));
    return EXIT.ok;
  });
}

function whyNotText(answer: WhyNotAnswer): string {
  const { customerId, play, now, reasons, ahead, lastWithheld } = answer;
  const lines = [
    now ? `${play} would act for ${customerId} now.` : `${play} does not act for ${customerId} now:`,
    ...reasons.map(({ reason, detail, until }) => {
      const from = until === null ? '' : ` (until ${formatMoment(until)})`;
      return `  ${reason}: ${detail}${from}`;
    }),
    ...ahead.slice(1).map(({ step, verb, what, channel, reasons: later }) => {
      const held = later.map(({ reason }) => reason).join(', ');
      return `Later, step ${step} (${verb} ${what} by ${channel}): ${held === '' ? 'nothing would hold it today' : `held today by ${held}`}.`;
    }),
    ...(lastWithheld === null ? [] : [`Last withheld ${formatMoment(lastWithheld.at)}: ${lastWithheld.sentence}`]),
    ...pageEnd(answer),
  ];
  return lines.map(printable).join('\n');
}
