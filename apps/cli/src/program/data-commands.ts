/** import, export, customers and why. */
import { type Command, Option } from 'commander';
import type { CustomersFlags } from '../commands/customers.command';
import type { ExportFlags } from '../commands/export.command';
import type { ImportFlags } from '../commands/import.command';
import type { JsonFlags } from '../commands/operations.commands';
import { repeated, storeFlags, whole, type Ended } from './flags';

const CUSTOMER_SORTS = ['id', '-id', 'since', '-since', 'lastTouchpoint', '-lastTouchpoint'] as const;
const LIST_LIMIT_DEFAULT = 50;
const LIST_LIMIT_MAX = 500;

const IMPORT_HELP = `
Examples:
  rapport import invoices.csv --map docs/mappings/online-retail.yaml --dry-run
  rapport import invoices.csv --map docs/mappings/online-retail.yaml
  rapport import touchpoints.ndjson

An NDJSON file with one touchpoint on each line, as POST /v1/touchpoints takes it, needs no mapping. Files ending in .gz
are unpacked; "-" reads stdin. Run the same command again after an interruption to go on where it stopped.`;

export function setUpDataCommands(program: Command, ended: Ended): void {
  storeFlags(program.command('import'))
    .description('make touchpoints of the rows of a CSV, NDJSON or fixed-column file, as history')
    .argument('<file>')
    .option('-m, --map <mapping>', 'mapping file: how rows become touchpoints (docs/import.md)')
    .option('--live', 'not as history: they act as if they happened now')
    .option('-n, --dry-run', 'show what would come; nothing is sent')
    .option('--errors <file>', 'where bad rows go (<file>.errors.ndjson in the current folder; none in a dry run)')
    .option('--no-resume', 'start from the beginning even after an interruption')
    .option('--no-settle', 'leave the settling to the engine, after a quiet time')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, flags: ImportFlags) =>
      ended(await (await import('../commands/import.command.js')).importFile(file, flags)),
    );

  storeFlags(program.command('export'), false)
    .description('write the log as NDJSON, one event a line, in log order, with its whole envelope')
    .option('-o, --output <file>', 'a new file (stdout)')
    .option('--from <position>', 'events after this position', whole(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--until <position>', 'events up to this position', whole(0, Number.MAX_SAFE_INTEGER))
    .addHelpText('after', '\nExamples:\n  rapport export -o log.ndjson\n  rapport export | gzip > log.ndjson.gz')
    .action(async (flags: ExportFlags) =>
      ended(await (await import('../commands/export.command.js')).exportLog(flags)),
    );

  listFlags(storeFlags(program.command('customers')))
    .description('list customers, or show one')
    .argument('[customerId]')
    .addOption(repeated('--stage <name>', 'on this stage; may be repeated'))
    .addOption(repeated('--engagement <name>', 'active, cooling, "at risk" or lapsed; may be repeated'))
    .addOption(repeated('--kind <name>', 'person, employee or partner; may be repeated'))
    .addOption(repeated('--channel <name>', 'channel of the last touchpoint; may be repeated'))
    .option('--in-stage-at-least <duration>', 'at least this long on the stage, for example 30d')
    .option('--in-stage-at-most <duration>', 'at most this long on the stage')
    .addOption(new Option('--sort <by>', 'order; with "-" in front descending').choices(CUSTOMER_SORTS).default('id'))
    .option('--count', 'say how many there are in all')
    .option('--timeline', 'of one customer: touchpoints and changes, newest first')
    .addHelpText(
      'after',
      '\nExamples:\n  rapport customers --stage loyal --sort=-since --count\n  rapport customers retail-12347 --timeline',
    )
    .action(async (customerId: string | undefined, flags: CustomersFlags) =>
      ended(await (await import('../commands/customers.command.js')).customers(customerId, flags)),
    );

  storeFlags(program.command('why'))
    .description('why a customer stands where they stand, and what is missing for the next stage')
    .argument('<customerId>')
    .addHelpText('after', '\nExample:\n  rapport why retail-12347')
    .action(async (customerId: string, flags: JsonFlags) =>
      ended(await (await import('../commands/why.command.js')).why(customerId, flags)),
    );
}

export function listFlags(command: Command): Command {
  return command
    .option('--limit <number>', 'rows on a page', whole(1, LIST_LIMIT_MAX), LIST_LIMIT_DEFAULT)
    .option('--cursor <cursor>', 'go on after an earlier page');
}
