/** `rapport inbound`: a bounce, a spam complaint or a reply, for who has no webhook for it. */
import type { InboundEmailKind } from '@rapport/engine';
import type { ExitCode } from '../exit-code';
import { onTarget } from '../target/open-target';
import { momentOf, sayDone } from './commanding';
import type { JsonFlags } from './operations.commands';

export interface InboundFlags extends JsonFlags {
  report: string;
  action?: string;
  messageId?: string;
  customer?: string;
  at: string;
  text?: string;
}

export function inbound(kind: string, flags: InboundFlags): Promise<ExitCode> {
  return onTarget(flags, async (target) => {
    const { report: reportId, action, messageId, customer: customerId, at, text } = flags;
    const report = { kind: kind as InboundEmailKind, reportId, at: momentOf(at) };
    const position = await target.receive({ ...report, action, messageId, customerId, text });
    return sayDone(flags, position, `The ${kind} is recorded`);
  });
}
