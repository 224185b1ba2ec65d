/** The command line: commands, flags, help. Each command is loaded when it is asked for, so that help comes at once. */
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-code';
import { setQuiet } from './output/notes';
import { setUpActionCommands } from './program/action-commands';
import { setUpDataCommands } from './program/data-commands';
import { setUpEffectsCommands } from './program/effects-commands';
import { setUpMessageCommands } from './program/message-commands';
import { setUpPlayCommands } from './program/play-commands';
import { setUpServerCommands } from './program/server-commands';
import { setUpStoreCommands } from './program/store-commands';

const EXIT_CODES = `
Exit codes: 0 ok, 1 failure, 2 usage, 4 not found, 5 conflict, 6 partial (some rows were bad), 7 unavailable or
timeout, 130 interrupted. Data goes to stdout, everything else to stderr.

Examples:
  rapport demo
  rapport serve --data ./rapport-data
  rapport import invoices.csv --map docs/mappings/online-retail.yaml --dry-run
  rapport why retail-12347`;

/** Resolves with the exit code. Commands throw what output/explain.ts can say. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('rapport')
    .description('Customer engagement journeys: every stage change is a fact with its evidence.')
    .version('0.1.0')
    .option('-q, --quiet', 'say nothing but data and errors')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES)
    .hook('preAction', (command) => setQuiet(command.opts<{ quiet?: boolean }>().quiet === true));
  const ended = (code: number): void => void (exitCode = code);
  setUpServerCommands(program, ended);
  setUpDataCommands(program, ended);
  setUpPlayCommands(program, ended);
  setUpActionCommands(program, ended);
  setUpEffectsCommands(program, ended);
  setUpMessageCommands(program, ended);
  setUpStoreCommands(program, ended);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end here too.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}
