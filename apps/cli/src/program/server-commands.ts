/** serve, demo and simulate. */
import { type Command, InvalidArgumentError } from 'commander';
import type { DemoFlags } from '../commands/demo.command';
import type { ServeFlags } from '../commands/serve.command';
import type { SimulateFlags } from '../commands/simulate.command';
import { PLAYS_HELP, storeFlags, whole, type Ended } from './flags';
import { SIMULATED_CUSTOMERS_MAX, SIMULATED_MONTHS_MAX } from '../simulation/limits';

const SEED_MAX = 0x7fff_ffff;
const LIVE_RATE_MAX = 1_000;

export function setUpServerCommands(program: Command, ended: Ended): void {
  serverFlags(program.command('serve'))
    .description(
      'serve the HTTP API on an existing or new store, until Ctrl-C; plays run where the definition has some, or with --plays',
    )
    .option('-d, --data <folder>', 'folder of the store (RAPPORT_DATA; ./rapport-data)')
    .option('--allow-remote', 'let --host be an address that other machines reach (there are no keys yet)')
    .option('--allowed-hosts <names>', 'host names that are answered beside those of loopback, with commas between')
    .option('--eventstore-port <number>', 'offer the log over the EventStoreDB protocol too (RAPPORT_EVENTSTORE_PORT)')
    .option('--eventstore-writes', "let clients of that protocol append to streams that are not Rapport's own")
    .option('--log-level <level>', 'debug, info, warn or error (LOG_LEVEL; info)')
    .option('--public-url <url>', 'what links in messages begin with (PUBLIC_URL)')
    .option('--allow-addresses <list>', 'private addresses that may be sent to (RAPPORT_ALLOW_ADDRESSES)')
    .addHelpText('after', '\nExamples:\n  rapport serve\n  PORT=0 rapport serve --data /var/lib/rapport')
    .action(async (flags: ServeFlags) => ended(await (await import('../commands/serve.command.js')).serve(flags)));

  simulationFlags(serverFlags(program.command('demo')))
    .description('a server on a fresh store with simulated customers, and what to look at')
    .option('-d, --data <folder>', 'folder of the store; without one a temporary folder is used (RAPPORT_DATA)')
    .option('--live-rate <number>', 'live touchpoints a second after it is ready', whole(0, LIVE_RATE_MAX), 3)
    .option('--exit-after-ready', 'end once everything is shown')
    .option('--json', 'answer in JSON, for programs')
    .addHelpText('after', '\nExamples:\n  rapport demo\n  rapport demo --customers 5000 --seed 7 --port 0')
    .action(async (flags: DemoFlags) => ended(await (await import('../commands/demo.command.js')).demo(flags)));

  simulationFlags(storeFlags(program.command('simulate')))
    .description('send simulated customers through the real ingest path, as history and then live')
    .option(
      '--live-rate <number>',
      'live touchpoints a second after the history, until Ctrl-C',
      whole(0, LIVE_RATE_MAX),
      0,
    )
    .option('--until <moment>', "end of the history (today's midnight, UTC)", moment)
    .addHelpText(
      'after',
      '\nExamples:\n  rapport simulate --customers 2000 --months 24\n  rapport simulate --seed 7 --live-rate 5',
    )
    .action(async (flags: SimulateFlags) =>
      ended(await (await import('../commands/simulate.command.js')).simulateCustomers(flags)),
    );
}

function serverFlags(command: Command): Command {
  return command
    .option('-p, --port <number>', 'port to listen on, 0 = any (PORT; 3000)')
    .option('--host <address>', 'address to listen on (HOST; 127.0.0.1)')
    .option('--definition <file>', 'definition to adopt (RAPPORT_DEFINITION; the default one)')
    .option('--plays <source>', PLAYS_HELP)
    .option('--config <file>', 'configuration file (rapport.config.yaml)');
}

function simulationFlags(command: Command): Command {
  return command
    .option('--customers <number>', 'how many customers', whole(1, SIMULATED_CUSTOMERS_MAX), 500)
    .option('--months <number>', 'how far back their history goes', whole(1, SIMULATED_MONTHS_MAX), 18)
    .option('--seed <number>', 'the same seed gives the same customers', whole(0, SEED_MAX), 1);
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(at)) return at;
  throw new InvalidArgumentError('Write a day or a moment with its zone: 2026-03-04 or 2026-03-04T10:11:12Z.');
}
