/** `rapport actions` and `tasks`: what plays asked for, what became of it, and what waits for a human. */
import { parseDuration, type PlayCommand } from '@rapport/journey';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable, table } from '../output/table';
import { onTarget } from '../target/open-target';
import { type ByFlags, commanded, momentOf, sayDone } from './commanding';
import { pageEnd } from './customer-plays.commands';
import { unknownCustomer } from './customers.command';
import type { JsonFlags } from './operations.commands';
import type { ActionAnswer, ActionsAnswer } from './play-answers.types';

export interface ActionsFlags extends JsonFlags {
  state?: string[];
  channel?: string[];
  play?: string[];
  customer?: string;
  team?: string;
  assignee?: string;
  limit: number;
  cursor?: string;
}

export function actions(flags: ActionsFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { state, channel, play, customer, team, assignee, limit, cursor } = flags;
    const params = { state, channel, play, customerId: customer, team, assignee, limit, cursor };
    const answer = await target.query({ name: 'actions', params });
    if (!answer.found) throw unknownCustomer(customer ?? '', target);
    say(flags.json ? answer.json : actionsText(JSON.parse(answer.json) as ActionsAnswer));
    return EXIT.ok;
  });
}

const TASK = 'task';

/** Without a state those that still wait for somebody. */
export function tasks(flags: ActionsFlags): Promise<ExitCode> {
  return actions({ ...flags, state: flags.state ?? ['requested'], channel: [TASK] });
}

function actionsText({ items, ...page }: ActionsAnswer): string {
  const header = ['action', 'customer', 'play', 'what', 'by', 'state', 'requested', 'team', 'due', 'assignee'];
  const rows = items.map((item) => [
    item.action,
    item.customerId,
    item.play,
    `${item.verb} ${item.what}`,
    item.channel,
    item.reason === '' ? item.state : `${item.state} (${item.reason})`,
    formatMoment(item.requestedAt),
    item.task?.team ?? '-',
    formatMoment(item.task?.slaDue ?? null),
    item.task?.assignee ?? '-',
  ]);
  return [table(header, rows), ...pageEnd(page)].join('\n');
}

export function showAction(action: string, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const answer = await target.query({ name: 'action', params: { action } });
    if (!answer.found)
      throw new CommandFailed(EXIT.notFound, `There is no action ${JSON.stringify(action)}. See: rapport actions`);
    say(flags.json ? answer.json : actionText(JSON.parse(answer.json) as ActionAnswer));
    return EXIT.ok;
  });
}

function actionText(action: ActionAnswer): string {
  const lines = [
    `${action.action} for ${action.customerId}: ${action.state}${action.reason === '' ? '' : ` (${action.reason})`}`,
    action.sentence,
    'Guards that were asked:',
    ...action.evidence.map(({ holds, condition, value }) => {
      return `  ${holds ? 'holds' : 'fails'}  ${condition}: ${value === null ? '-' : String(value)}`;
    }),
    ...action.events.map(({ type, recordedAt, result, detail }) => {
      return `${formatMoment(recordedAt)}  ${[type, result, detail].filter((part) => part !== undefined).join(' ')}`;
    }),
    ...pageEnd(action),
  ];
  return lines.map(printable).join('\n');
}

function order(flags: ByFlags, command: PlayCommand, done: string): Promise<ExitCode> {
  return onTarget(flags, async (target) => sayDone(flags, await target.command(command), done));
}

export function retry(action: string, flags: ByFlags & { override?: boolean; reason?: string }): Promise<ExitCode> {
  const { override, reason } = flags;
  return order(
    flags,
    { ...commanded(flags), command: 'retry', action, override, reason },
    `${action} is asked for again`,
  );
}

export interface ResolveFlags extends ByFlags {
  at?: string;
  reason: string;
}

export function resolve(action: string, verdict: string, flags: ResolveFlags): Promise<ExitCode> {
  const at = flags.at === undefined ? Date.now() : momentOf(flags.at);
  const { reason } = flags;
  const delivered = verdict === 'delivered';
  return order(
    flags,
    { ...commanded(flags), command: 'resolve', action, delivered, at, reason },
    `${action} is resolved`,
  );
}

export function claim(action: string, flags: ByFlags & { for?: string }): Promise<ExitCode> {
  const time = flags.for === undefined ? undefined : parseDuration(flags.for);
  if (flags.for !== undefined && time === undefined)
    throw new CommandFailed(EXIT.usage, `--for ${flags.for} is no duration like 4h or 2d.`);
  return order(flags, { ...commanded(flags), command: 'claim', action, for: time }, `${action} is yours`);
}

export function giveBack(action: string, flags: ByFlags): Promise<ExitCode> {
  return order(flags, { ...commanded(flags), command: 'giveBack', action }, `${action} is back in its queue`);
}

export function reassign(action: string, flags: ByFlags & { team?: string; to?: string }): Promise<ExitCode> {
  const { team, to } = flags;
  return order(flags, { ...commanded(flags), command: 'reassign', action, team, to }, `${action} is handed over`);
}

export type TaskOutcome = Extract<PlayCommand, { command: 'finish' }>['outcome'];

export function finish(action: string, outcome: TaskOutcome, flags: ByFlags & { note?: string }): Promise<ExitCode> {
  const { note } = flags;
  return order(flags, { ...commanded(flags), command: 'finish', action, outcome, note }, `${action} is finished`);
}
