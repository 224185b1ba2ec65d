/** decisions, preview and inbound: what was decided, what is said, what comes back. */
import { Argument, type Command, Option } from 'commander';
import type { DecisionsFlags } from '../commands/decisions.command';
import type { InboundFlags } from '../commands/inbound.command';
import type { JsonFlags } from '../commands/operations.commands';
import { listFlags } from './data-commands';
import { repeated, storeFlags, whole, type Ended } from './flags';

export function setUpMessageCommands(program: Command, ended: Ended): void {
  listFlags(storeFlags(program.command('decisions')))
    .description('what was decided and why, newest first')
    .addOption(repeated('--type <name>', 'ActionWithheld, PlayEntered, StageChanged ...; may be repeated'))
    .addOption(repeated('--play <name>', 'about this play; may be repeated'))
    .option('--customer <customerId>', 'of one customer')
    .addOption(
      new Option('--after <position>', 'oldest first, after this position').argParser(
        whole(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .addHelpText('after', '\nExample:\n  rapport decisions --type ActionWithheld --play welcome')
    .action(async (flags: DecisionsFlags) =>
      ended(await (await import('../commands/decisions.command.js')).decisions(flags)),
    );
  storeFlags(program.command('preview'))
    .description('what a template says to a customer; nothing is sent')
    .argument('<template>')
    .argument('<customerId>')
    .option('--play <name>', 'as a step of this play')
    .addHelpText('after', '\nExample:\n  rapport preview welcome retail-12347')
    .action(async (template: string, customerId: string, flags: JsonFlags & { play?: string }) =>
      ended(await (await import('../commands/preview.command.js')).preview(template, customerId, flags)),
    );
  storeFlags(program.command('inbound'))
    .description('record what came back by e-mail')
    .addArgument(new Argument('<kind>').choices(['bounce', 'complaint', 'reply', 'unsubscribe']))
    .requiredOption('--report <id>', 'names the report: sent again it counts once')
    .requiredOption('--at <moment>', 'when it happened')
    .option('--action <action>', 'the action whose message it is about')
    .option('--message-id <id>', 'or the Message-ID of that message')
    .option('--customer <customerId>', 'or whose it is')
    .option('--text <text>', 'of a reply: what was written')
    .addHelpText(
      'after',
      '\nExample:\n  rapport inbound bounce --report r-1 --at 2026-03-04T10:11:12Z --action 66b5354b2dca4c607eca5030258a4929',
    )
    .action(async (kind: string, flags: InboundFlags) =>
      ended(await (await import('../commands/inbound.command.js')).inbound(kind, flags)),
    );
}
