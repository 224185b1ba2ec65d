/** `rapport customers`: a list with filters, or one customer with the timeline. */
import { parseDuration } from '@rapport/journey';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatCount, formatMoment, plural, printable, table } from '../output/table';
import { openTarget } from '../target/open-target';
import type { StoreFlags } from '../target/store-options';
import type { Target } from '../target/target';
import type { CustomerAnswer, CustomersAnswer, TimelineAnswer } from './answers.types';
import type { EnrolmentsAnswer } from './play-answers.types';

/** The newest may be missing for who entered plays more often: `rapport enrolments` pages. */
const ENROLMENTS_LOOKED_AT_MAX = 500;

export interface CustomersFlags extends StoreFlags {
  stage?: string[];
  engagement?: string[];
  kind?: string[];
  channel?: string[];
  inStageAtLeast?: string;
  inStageAtMost?: string;
  sort: string;
  count?: boolean;
  limit: number;
  cursor?: string;
  timeline?: boolean;
  json?: boolean;
}

export async function customers(customerId: string | undefined, flags: CustomersFlags): Promise<ExitCode> {
  const target = await openTarget(flags);
  try {
    if (customerId === undefined) return await list(target, flags);
    return await (flags.timeline ? timeline(target, customerId, flags) : one(target, customerId, flags));
  } finally {
    await target.close();
  }
}

async function list(target: Target, flags: CustomersFlags): Promise<ExitCode> {
  const sort = flags.sort.replace('-', '') as 'id' | 'since' | 'lastTouchpoint';
  const { stage, engagement, kind, channel, limit, cursor, count = false } = flags;
  const answer = await target.query({
    name: 'customers',
    params: {
      ...{ stage, engagement, kind, channel, limit, cursor, count, sort },
      inStageAtLeast: duration('--in-stage-at-least', flags.inStageAtLeast),
      inStageAtMost: duration('--in-stage-at-most', flags.inStageAtMost),
      descending: flags.sort.startsWith('-'),
    },
  });
  if (flags.json) say(answer.json);
  else say(listText(JSON.parse(answer.json) as CustomersAnswer));
  return EXIT.ok;
}

function duration(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new CommandFailed(EXIT.usage, `${flag} ${text} is no duration. Write for example 30d or 12h.`);
}

function listText(answer: CustomersAnswer): string {
  const rows = answer.items.map((item) => [
    ...[item.customerId, item.stage, formatMoment(item.stageSince), item.engagement, item.kind],
    ...[item.touchpoints, formatMoment(item.lastTouchpointAt), item.lastChannel],
  ]);
  const header = ['customer', 'stage', 'since', 'engagement', 'kind', 'touchpoints', 'last touchpoint', 'channel'];
  const lines = [table(header, rows)];
  if (answer.total !== undefined) {
    lines.push(`${answer.total.exact ? '' : 'at least '}${plural(answer.total.customers, 'customer')} in all.`);
  }
  if (answer.nextCursor !== undefined) lines.push(`More: --cursor ${answer.nextCursor}`);
  lines.push(`As of position ${answer.position} (${formatMoment(answer.asOf)} UTC).`);
  return lines.join('\n');
}

export function unknownCustomer(customerId: string, target: Target): CommandFailed {
  return new CommandFailed(EXIT.notFound, `There is no customer ${JSON.stringify(customerId)} in ${target.name}.`);
}

async function one(target: Target, customerId: string, flags: CustomersFlags): Promise<ExitCode> {
  const answer = await target.query({ name: 'customer', params: { customerId } });
  if (!answer.found) throw unknownCustomer(customerId, target);
  if (flags.json) say(answer.json);
  else say(customerText(JSON.parse(answer.json) as CustomerAnswer, await underWay(target, customerId)));
  return EXIT.ok;
}

/** Plays that are not over for the customer. */
async function underWay(target: Target, customerId: string): Promise<EnrolmentsAnswer['items']> {
  const answer = await target.query({ name: 'enrolments', params: { customerId, limit: ENROLMENTS_LOOKED_AT_MAX } });
  if (!answer.found) return [];
  return (JSON.parse(answer.json) as EnrolmentsAnswer).items.filter(({ phase }) => phase !== 'ended');
}

function customerText(customer: CustomerAnswer, plays: EnrolmentsAnswer['items']): string {
  const traits = Object.entries({ ...customer.personal, ...customer.traits }).map(([name, value]) => [
    name,
    shown(value),
  ]);
  const totals = Object.entries(customer.totals).map(([name, value]) => [name, shown(value)]);
  const rungs = customer.rungs.map(({ stage, holds, held }) => [stage, holds ? 'yes' : 'no', held ? 'yes' : 'no']);
  return [
    `${printable(customer.customerId)}: ${customer.stage ?? 'no stage yet'} since ${formatMoment(customer.stageSince)}, ` +
      `${customer.engagement ?? 'no engagement yet'} since ${formatMoment(customer.engagementSince)}` +
      (customer.unsettled ? ' (history waits for its settling)' : ''),
    table(['rung', 'holds', 'held'], rungs),
    table(['trait', 'value'], traits),
    table(['total', 'value'], totals),
    ...(plays.length === 0 ? [] : [table(['play', 'entered', 'phase', 'until', 'withheld'], plays.map(playRow))]),
    `By time alone the answer may change at ${formatMoment(customer.nextChangeAt)}. As of position ${customer.position}.`,
  ].join('\n\n');
}

function playRow({ play, enteredAt, phase, held, until, withheld }: EnrolmentsAnswer['items'][number]): string[] {
  return [play, formatMoment(enteredAt), held ? `${phase} (held out)` : phase, formatMoment(until), withheld || '-'];
}

const shown = (value: unknown): string => {
  if (typeof value === 'number') return formatCount(value);
  return value === null || value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
};

async function timeline(target: Target, customerId: string, flags: CustomersFlags): Promise<ExitCode> {
  const { limit, cursor } = flags;
  const answer = await target.query({ name: 'timeline', params: { customerId, limit, cursor } });
  if (!answer.found) throw unknownCustomer(customerId, target);
  if (flags.json) say(answer.json);
  else say(timelineText(JSON.parse(answer.json) as TimelineAnswer));
  return EXIT.ok;
}

function timelineText({ items, nextCursor }: TimelineAnswer): string {
  const lines = items.map((item) =>
    item.kind === 'touchpoint'
      ? `${formatMoment(item.occurredAt)}  ${item.direction === 'inbound' ? '>' : '<'} ${item.type} (${item.channel})` +
        (item.text === undefined ? '' : `: ${printable(item.text)}`)
      : `${formatMoment(item.at)}  * ${item.sentence}`,
  );
  return [...lines, ...(nextCursor === undefined ? [] : [`More: --cursor ${nextCursor}`])].join('\n');
}
