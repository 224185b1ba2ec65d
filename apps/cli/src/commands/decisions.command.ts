/** `rapport decisions`: what was decided, newest first, or from a position on. */
import { EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import { formatMoment, printable } from '../output/table';
import { onTarget } from '../target/open-target';
import { pageEnd } from './customer-plays.commands';
import { unknownCustomer } from './customers.command';
import type { JsonFlags } from './operations.commands';

export interface DecisionsFlags extends JsonFlags {
  type?: string[];
  play?: string[];
  customer?: string;
  after?: number;
  limit: number;
  cursor?: string;
}

interface DecisionsAnswer {
  items: { position: number; customerId: string; type: string; recordedAt: string; sentence: string }[];
  nextCursor?: string;
  position: number;
  asOf: string;
}

export function decisions(flags: DecisionsFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { type, play, customer, after, limit, cursor } = flags;
    const params = { type, play, customerId: customer, after, limit, cursor };
    const answer = await target.query({ name: 'decisions', params });
    if (!answer.found) throw unknownCustomer(customer ?? '', target);
    say(flags.json ? answer.json : decisionsText(JSON.parse(answer.json) as DecisionsAnswer));
    return EXIT.ok;
  });
}

function decisionsText(answer: DecisionsAnswer): string {
  const lines = answer.items.map(
    ({ position, recordedAt, customerId, type, sentence }) =>
      `${position}  ${formatMoment(recordedAt)}  ${customerId}  ${type}: ${sentence}`,
  );
  return [...lines, ...pageEnd(answer)].map(printable).join('\n');
}
