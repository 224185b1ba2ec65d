/** status, effects, arm and inbox. */
import { Argument, type Command } from 'commander';
import type { EffectsFlags } from '../commands/effects.commands';
import type { ByFlags } from '../commands/commanding';
import type { JsonFlags } from '../commands/operations.commands';
import { byFlags, repeated, storeFlags, whole, type Ended } from './flags';

const INBOX_LIMIT_DEFAULT = 50;
const INBOX_LIMIT_MAX = 1_000;

const EFFECTS_HELP = `
off: nothing leaves. sandbox: messages go into the folder outbox of the store, or to the local inbox of the configuration.
live: to whom it concerns. No channel goes further than all of them, so that "rapport effects off" stops everything at once.

Examples:
  rapport effects
  rapport effects off
  rapport effects live --channel email
  rapport effects follow --channel email`;

export function setUpEffectsCommands(program: Command, ended: Ended): void {
  storeFlags(program.command('status'))
    .description('how it stands: the log, what is carried out, how far effects go')
    .addHelpText('after', '\nExample:\n  rapport status')
    .action(async (flags: JsonFlags) => ended(await (await import('../commands/effects.commands.js')).status(flags)));
  byFlags(storeFlags(program.command('effects')))
    .description('show how far effects go, or set it')
    .addArgument(new Argument('[mode]').choices(['off', 'sandbox', 'live', 'follow']))
    .addOption(repeated('--channel <name>', 'of this channel alone; may be repeated. "follow": like all of them again'))
    .addHelpText('after', EFFECTS_HELP)
    .action(async (mode: string | undefined, flags: EffectsFlags) =>
      ended(await (await import('../commands/effects.commands.js')).effects(mode, flags)),
    );
  byFlags(storeFlags(program.command('arm')))
    .description('say that this store is the one that sends, after it was copied, moved or restored')
    .addHelpText('after', '\nExample:\n  rapport arm')
    .action(async (flags: ByFlags) => ended(await (await import('../commands/effects.commands.js')).arm(flags)));
  setUpInbox(program, ended);
}

function setUpInbox(program: Command, ended: Ended): void {
  storeFlags(program.command('inbox'), false)
    .description('messages of the demo, or of the sandbox, that lie beside a store')
    .argument('[message]', 'show this one')
    .option('--limit <number>', 'how many, newest first', whole(1, INBOX_LIMIT_MAX), INBOX_LIMIT_DEFAULT)
    .addHelpText('after', '\nExamples:\n  rapport inbox --data ./rapport-data\n  rapport inbox outbox/12')
    .action(async (message: string | undefined, flags: JsonFlags & { limit: number }) =>
      ended((await import('../commands/inbox.command.js')).inbox(message, flags)),
    );
}
