/** Says on stderr why a command failed, and with which exit code that goes. */
import { CommandFailed, EXIT } from '../exit-code';

/** By name, so that saying an error loads no library. All of these carry a message that is meant for people. */
const CODES: { readonly [name: string]: number } = {
  MappingRefused: EXIT.usage,
  ConfigurationRefused: EXIT.usage,
  DefinitionRefused: EXIT.usage,
  CannotListen: EXIT.usage,
  BadQuery: EXIT.usage,
  StoreRefused: EXIT.conflict,
  RebuildNotEqual: EXIT.conflict,
  QueriesOverloaded: EXIT.unavailable,
};

export function explain(error: unknown): number {
  if (error instanceof CommandFailed) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (!(error instanceof Error)) {
    process.stderr.write(`${String(error)}\n`);
    return EXIT.failure;
  }
  const known = CODES[error.constructor.name];
  const debug = process.env['RAPPORT_DEBUG'] !== undefined && process.env['RAPPORT_DEBUG'] !== '';
  const text = debug ? (error.stack ?? error.message) : error.message;
  const hint = known === undefined && !debug ? '\nRAPPORT_DEBUG=1 shows where it comes from.' : '';
  process.stderr.write(`${text}${hint}\n`);
  return known ?? EXIT.failure;
}
