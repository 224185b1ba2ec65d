/** rebuild, verify, backup, settle, parked, definition and clock. */
import { Argument, type Command } from 'commander';
import type { JsonFlags } from '../commands/operations.commands';
import { storeFlags, whole, type Ended } from './flags';
import { listFlags } from './data-commands';

export function setUpStoreCommands(program: Command, ended: Ended): void {
  storeFlags(program.command('rebuild'), false)
    .description(
      'fold the log into new read models beside the live ones, compare, and switch; also while a server runs',
    )
    .option('--no-compare', 'switch without comparing with the live ones (which may be damaged)')
    .addHelpText('after', '\nExample:\n  rapport rebuild --data ./rapport-data')
    .action(async (flags: JsonFlags & { compare: boolean }) =>
      ended(await (await import('../commands/maintenance.commands.js')).rebuild(flags)),
    );
  storeFlags(program.command('verify'), false)
    .description('check that the log is whole and that the evidence of every decision holds')
    .addHelpText('after', '\nExample:\n  rapport verify --data ./backup && echo good')
    .action(async (flags: JsonFlags) => ended((await import('../commands/maintenance.commands.js')).verify(flags)));
  storeFlags(program.command('backup'), false)
    .description('copy log and read models into a new folder, also while a server runs')
    .argument('<folder>')
    .addHelpText('after', '\nExample:\n  rapport backup ./backup-2026-03-04')
    .action(async (folder: string, flags: JsonFlags) =>
      ended(await (await import('../commands/maintenance.commands.js')).backup(folder, flags)),
    );
  setUpOperations(program, ended);
  setUpDefinition(program, ended);
}

function setUpOperations(program: Command, ended: Ended): void {
  storeFlags(program.command('settle'))
    .description("settle everybody's history and show the stage counts")
    .addHelpText('after', '\nExample:\n  rapport settle')
    .action(async (flags: JsonFlags) =>
      ended(await (await import('../commands/operations.commands.js')).settle(flags)),
    );
  const parked = program.command('parked').description('inputs that could not be folded');
  listFlags(storeFlags(parked.command('list', { isDefault: true })))
    .description('list them, with the reason')
    .addHelpText('after', '\nExample:\n  rapport parked')
    .action(async (flags: JsonFlags & { limit: number; cursor?: string }) =>
      ended(await (await import('../commands/operations.commands.js')).parkedList(flags)),
    );
  storeFlags(parked.command('retry'))
    .description('fold one after all')
    .addArgument(new Argument('<position>').argParser(whole(1, Number.MAX_SAFE_INTEGER)))
    .addHelpText('after', '\nExample:\n  rapport parked retry 1234')
    .action(async (position: number, flags: JsonFlags) =>
      ended(await (await import('../commands/operations.commands.js')).parkedRetry(position, flags)),
    );
  storeFlags(program.command('clock'))
    .description("say whether the machine's clock is right after it jumped ahead")
    .addArgument(new Argument('<verdict>', 'is the clock right?').choices(['believe', 'disbelieve']))
    .addHelpText('after', '\nExample:\n  rapport clock believe')
    .action(async (verdict: string, flags: JsonFlags) =>
      ended(await (await import('../commands/operations.commands.js')).judgeClock(verdict === 'believe', flags)),
    );
}

function setUpDefinition(program: Command, ended: Ended): void {
  const definition = program.command('definition').description('the stages and their rules');
  storeFlags(definition.command('show', { isDefault: true }))
    .description('show the definition in force')
    .option('--default', 'show the default definition instead: a file to start from')
    .addHelpText('after', '\nExample:\n  rapport definition show --default > journey.yaml')
    .action(async (flags: JsonFlags & { default?: boolean }) =>
      ended(await (await import('../commands/definition.commands.js')).showDefinition(flags)),
    );
  definition
    .command('check')
    .description('check a file, with every fault and its mend')
    .argument('<file>')
    .option('--json', 'answer in JSON, for programs')
    .addHelpText('after', '\nExample:\n  rapport definition check journey.yaml')
    .action(async (file: string, flags: { json?: boolean }) =>
      ended((await import('../commands/definition.commands.js')).checkDefinition(file, flags)),
    );
}
