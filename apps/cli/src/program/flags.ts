/** Flags that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export type Ended = (code: number) => void;

/** What `--plays` takes, wherever a store is opened. */
export const PLAYS_HELP = 'none, default, or a folder of plays to put with the definition (RAPPORT_PLAYS)';

/** Flags of everything that talks to a server or opens the store. */
export function storeFlags(command: Command, server = true): Command {
  command
    .option('-d, --data <folder>', 'folder of the store (RAPPORT_DATA; ./rapport-data)')
    .option('--definition <file>', 'definition to adopt where the store is opened (RAPPORT_DEFINITION)')
    .option('--plays <source>', PLAYS_HELP)
    .option('--config <file>', 'configuration file (rapport.config.yaml)')
    .option('--json', 'answer in JSON, for programs');
  return server ? command.option('--server <url>', 'talk to this server, wherever it stores') : command;
}

/** Of commands that stand in the log with who gave them. */
export function byFlags(command: Command): Command {
  return command.option('--by <name>', 'who asks (the user of this machine)');
}

/** A parser for whole numbers in a range. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** A flag that may be given several times. */
export function repeated(flags: string, help: string): Option {
  return new Option(flags, help).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
}
