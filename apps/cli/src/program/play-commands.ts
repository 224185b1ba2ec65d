/** plays, enrol, stop, channels, enrolments, ledger and why-not. */
import { type Command } from 'commander';
import type { ByFlags } from '../commands/commanding';
import type { EnrolmentsFlags } from '../commands/customer-plays.commands';
import type { JsonFlags } from '../commands/operations.commands';
import { listFlags } from './data-commands';
import { byFlags, storeFlags, type Ended } from './flags';

export function setUpPlayCommands(program: Command, ended: Ended): void {
  const plays = program.command('plays').description('what the engine does by itself, and what became of it');
  storeFlags(plays.command('list', { isDefault: true }))
    .description('list the plays with who entered, waits, converted and was withheld')
    .addHelpText('after', '\nExample:\n  rapport plays')
    .action(async (flags: JsonFlags) => ended(await (await import('../commands/plays.commands.js')).plays(flags)));
  storeFlags(plays.command('show'))
    .description('one play, those acted on against those held out')
    .argument('<play>')
    .addHelpText('after', '\nExample:\n  rapport plays show welcome')
    .action(async (play: string, flags: JsonFlags) =>
      ended(await (await import('../commands/plays.commands.js')).showPlay(play, flags)),
    );
  setUpPauses(plays, 'play', ended);
  const channels = program.command('channels').description('what messages leave by; stop or go on sending by one');
  storeFlags(channels.command('list', { isDefault: true }))
    .description('list the channels, which of them are paused, and where their messages go')
    .addHelpText('after', '\nExample:\n  rapport channels')
    .action(async (flags: JsonFlags) => ended(await (await import('../commands/plays.commands.js')).channels(flags)));
  setUpPauses(channels, 'channel', ended);
  setUpEnrolments(program, ended);
  setUpQuestions(program, ended);
}

function setUpPauses(command: Command, what: 'play' | 'channel', ended: Ended): void {
  const example = what === 'play' ? 'rapport plays {} welcome' : 'rapport channels {} email';
  for (const verb of ['pause', 'resume'] as const) {
    byFlags(storeFlags(command.command(verb)))
      .description(what === 'play' ? `${verb} a play` : `${verb} the dispatch of a channel`)
      .argument(`<${what}>`)
      .addHelpText('after', `\nExample:\n  ${example.replace('{}', verb)}`)
      .action(async (name: string, flags: ByFlags) => {
        const pause = { what, name, paused: verb === 'pause' };
        ended(await (await import('../commands/plays.commands.js')).pausing(pause, flags));
      });
  }
}

function setUpEnrolments(program: Command, ended: Ended): void {
  byFlags(storeFlags(program.command('enrol')))
    .description('enrol a customer in a play by hand; guards hold as for everybody')
    .argument('<customerId>')
    .argument('<play>')
    .option('--override', 'although the play says who, how often, or holds the customer out')
    .addHelpText('after', '\nExample:\n  rapport enrol retail-12347 welcome')
    .action(async (customerId: string, play: string, flags: ByFlags & { override?: boolean }) =>
      ended(await (await import('../commands/plays.commands.js')).enrol(customerId, play, flags)),
    );
  byFlags(storeFlags(program.command('stop')))
    .description('stop the enrolment of a customer in a play')
    .argument('<customerId>')
    .argument('<play>')
    .requiredOption('--reason <text>', 'why; stands in the log')
    .addHelpText('after', "\nExample:\n  rapport stop retail-12347 welcome --reason 'called us'")
    .action(async (customerId: string, play: string, flags: ByFlags & { reason: string }) =>
      ended(await (await import('../commands/plays.commands.js')).stop(customerId, play, flags)),
    );
  listFlags(storeFlags(program.command('enrolments')))
    .description('who is enrolled in which play, and where they stand')
    .option('--customer <customerId>', 'of one customer')
    .option('--play <name>', 'of one play')
    .option('--phase <name>', 'waiting, deferred, acting, watching or ended')
    .addHelpText('after', '\nExample:\n  rapport enrolments --customer retail-12347')
    .action(async (flags: EnrolmentsFlags) =>
      ended(await (await import('../commands/customer-plays.commands.js')).enrolments(flags)),
    );
}

function setUpQuestions(program: Command, ended: Ended): void {
  storeFlags(program.command('ledger'))
    .description('what a customer was asked and given, and whom to ask next for what')
    .argument('<customerId>')
    .addHelpText('after', '\nExample:\n  rapport ledger retail-12347')
    .action(async (customerId: string, flags: JsonFlags) =>
      ended(await (await import('../commands/customer-plays.commands.js')).ledger(customerId, flags)),
    );
  storeFlags(program.command('why-not'))
    .description('why a play does not act for a customer now')
    .argument('<customerId>')
    .argument('<play>')
    .addHelpText('after', '\nExample:\n  rapport why-not retail-12347 welcome')
    .action(async (customerId: string, play: string, flags: JsonFlags) =>
      ended(await (await import('../commands/customer-plays.commands.js')).whyNot(customerId, play, flags)),
    );
}
