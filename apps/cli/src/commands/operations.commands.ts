/** Small commands that change how the engine goes on: settle, parked, clock. */
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { stageTable } from '../output/stage-table';
import { say } from '../output/notes';
import { formatMoment, printable, table } from '../output/table';
import { onTarget } from '../target/open-target';
import type { StoreFlags } from '../target/store-options';
import { settleAndWait, waitUntilShown, type Target } from '../target/target';
import type { ParkedAnswer } from './answers.types';

export interface JsonFlags extends StoreFlags {
  json?: boolean;
}

export function settle(flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const counts = await settleAndWait(target);
    say(flags.json ? JSON.stringify(counts) : stageTable(counts));
    return EXIT.ok;
  });
}

export function parkedList(flags: JsonFlags & { limit: number; cursor?: string }): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { limit, cursor } = flags;
    const answer = await target.query({ name: 'parked', params: { limit, cursor } });
    say(flags.json ? answer.json : parkedText(JSON.parse(answer.json) as ParkedAnswer));
    return EXIT.ok;
  });
}

function parkedText({ items, nextCursor, position }: ParkedAnswer): string {
  if (items.length === 0) return `Nothing is parked as of position ${position}.`;
  const rows = items.map((item) => [
    String(item.position),
    item.customerId,
    item.touchpointId,
    item.reason,
    formatMoment(item.parkedAt),
  ]);
  const details = items.map((item) => `  ${item.position}: ${printable(item.detail)}`);
  const more = nextCursor === undefined ? [] : [`More: --cursor ${nextCursor}`];
  const header = ['position', 'customer', 'touchpoint', 'reason', 'parked'];
  return [table(header, rows), ...details, ...more, 'Try one again with: rapport parked retry <position>'].join('\n');
}

export function parkedRetry(position: number, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const retried = await target.retryParked(position);
    if (retried === undefined)
      throw new CommandFailed(EXIT.notFound, `Nothing is parked at position ${position}. See: rapport parked`);
    await waitUntilShown(target, retried);
    const still = await isParked(target, position);
    if (flags.json) say(JSON.stringify({ position, retriedAt: retried, folded: !still }));
    else
      say(still ? `Position ${position} was tried again and is still parked.` : `Position ${position} is folded now.`);
    return still ? EXIT.conflict : EXIT.ok;
  });
}

const PAGE = 500;

async function isParked(target: Target, position: number): Promise<boolean> {
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const answer = await target.query({ name: 'parked', params: { limit: PAGE, cursor } });
    const { items, nextCursor } = JSON.parse(answer.json) as ParkedAnswer;
    if (items.some((item) => item.position === position)) return true;
    cursor = nextCursor;
  }
  return false;
}

export function judgeClock(believe: boolean, flags: JsonFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const position = await target.judgeClock(believe);
    if (flags.json) say(JSON.stringify({ believe, position }));
    else say(`The clock is ${believe ? 'believed' : 'not believed'} from position ${position} on.`);
    return EXIT.ok;
  });
}
