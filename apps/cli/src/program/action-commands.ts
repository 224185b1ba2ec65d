/** actions and tasks. */
import { Argument, type Command } from 'commander';
import type { ActionsFlags, ResolveFlags, TaskOutcome } from '../commands/actions.commands';
import type { ByFlags } from '../commands/commanding';
import type { JsonFlags } from '../commands/operations.commands';
import { listFlags } from './data-commands';
import { byFlags, repeated, storeFlags, type Ended } from './flags';

const load = () => import('../commands/actions.commands.js');

export function setUpActionCommands(program: Command, ended: Ended): void {
  const actions = program.command('actions').description('what plays asked for, and what became of it');
  filters(actions.command('list', { isDefault: true }))
    .description('list them')
    .addOption(repeated('--channel <name>', 'by this channel; may be repeated'))
    .addHelpText('after', '\nExample:\n  rapport actions --state inDoubt --state failed')
    .action(async (flags: ActionsFlags) => ended(await (await load()).actions(flags)));
  storeFlags(actions.command('show'))
    .description('one of them, with the guards that let it pass and its attempts')
    .argument('<action>')
    .addHelpText('after', '\nExample:\n  rapport actions show 66b5354b2dca4c607eca5030258a4929')
    .action(async (action: string, flags: JsonFlags) => ended(await (await load()).showAction(action, flags)));
  byFlags(storeFlags(actions.command('retry')))
    .description('ask again for one that failed or is in doubt, through the guards again')
    .argument('<action>')
    .option('--override', 'pass over the guards of time; needs a reason')
    .option('--reason <text>', 'why; stands in the log')
    .addHelpText('after', '\nExample:\n  rapport actions retry 66b5354b2dca4c607eca5030258a4929')
    .action(async (action: string, flags: ByFlags & { override?: boolean; reason?: string }) =>
      ended(await (await load()).retry(action, flags)),
    );
  byFlags(storeFlags(actions.command('resolve')))
    .description('say what became of one in doubt')
    .argument('<action>')
    .addArgument(new Argument('<verdict>').choices(['delivered', 'not-delivered']))
    .requiredOption('--reason <text>', 'how you know; stands in the log')
    .option('--at <moment>', 'when it was delivered (now)')
    .addHelpText(
      'after',
      "\nExample:\n  rapport actions resolve 66b5354b2dca4c607eca5030258a4929 delivered --reason 'the mail log has it'",
    )
    .action(async (action: string, verdict: string, flags: ResolveFlags) =>
      ended(await (await load()).resolve(action, verdict, flags)),
    );
  setUpTasks(program.command('tasks').description('what waits for a human'), ended);
}

function setUpTasks(tasks: Command, ended: Ended): void {
  filters(tasks.command('list', { isDefault: true }))
    .description('list those that wait for somebody')
    .addHelpText('after', '\nExample:\n  rapport tasks --team sales')
    .action(async (flags: ActionsFlags) => ended(await (await load()).tasks(flags)));
  ofTask(tasks, 'claim', 'take one')
    .option('--for <duration>', "how long, for example 4h (the team's own time)")
    .action(async (action: string, flags: ByFlags & { for?: string }) =>
      ended(await (await load()).claim(action, flags)),
    );
  ofTask(tasks, 'give-back', 'give one back to its queue').action(async (action: string, flags: ByFlags) =>
    ended(await (await load()).giveBack(action, flags)),
  );
  ofTask(tasks, 'reassign', 'hand one to a team or a person', ' --to ben')
    .option('--team <name>', 'to the queue of this team')
    .option('--to <person>', 'to this person')
    .action(async (action: string, flags: ByFlags & { team?: string; to?: string }) =>
      ended(await (await load()).reassign(action, flags)),
    );
  ofTask(tasks, 'finish', 'say how one ended', ' done')
    .addArgument(new Argument('<outcome>').choices(['done', 'answered', 'declined', 'impossible']))
    .option('--note <text>', 'for who reads the timeline')
    .action(async (action: string, outcome: TaskOutcome, flags: ByFlags & { note?: string }) =>
      ended(await (await load()).finish(action, outcome, flags)),
    );
}

function ofTask(tasks: Command, verb: string, description: string, more = ''): Command {
  return byFlags(storeFlags(tasks.command(verb)))
    .description(description)
    .argument('<action>')
    .addHelpText('after', `\nExample:\n  rapport tasks ${verb} fea58d5997fa9ab9f635b5124dc2545d${more}`);
}

function filters(command: Command): Command {
  return listFlags(storeFlags(command))
    .addOption(repeated('--state <name>', 'requested, inDoubt, delivered, failed, expired ...; may be repeated'))
    .addOption(repeated('--play <name>', 'of this play; may be repeated'))
    .option('--customer <customerId>', 'of one customer')
    .option('--team <name>', 'in the queue of this team')
    .option('--assignee <person>', 'claimed by this person');
}
