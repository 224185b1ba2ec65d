import { join } from 'node:path';
import type { PlaysSource } from '@rapport/engine';
import { readConfigFile } from './config-file';
import { ConfigurationRefused } from './configuration';
import type { ConfigurationFault, ServerConfiguration, ServerLimits } from './configuration';
import { DEFAULT_LIMITS } from './limits';
import { isLoopback } from './loopback';
import { readCluster } from './read-cluster';
import { readMessages } from './read-messages';
import { LIMIT_SETTINGS, SETTINGS } from './settings';
import { absolute, type Environment, type Flags, isFolder, pick, type ReadFile, reason, type Sources } from './sources';

const DEFINITION_IN_FOLDER = 'definition.yaml';
const PORT_DEFAULT = 3_000;

/**
 * Flags win over the environment, the environment over the file (RAPPORT_CONFIG, else rapport.config.yaml / .json in
 * `folder`). Throws ConfigurationRefused with every fault at once. Relative paths count from `folder`.
 */
export function readConfiguration(
  flags: Flags,
  env: Environment,
  readFile: ReadFile,
  folder = process.cwd(),
): ServerConfiguration {
  const faults: ConfigurationFault[] = [];
  const warnings: string[] = [];
  const file = readConfigFile(flags, env, readFile, folder, faults);
  const sources: Sources = { flags, env, file, readFile, folder, faults };
  const host = pick(sources, SETTINGS.host, '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const port = pick(sources, SETTINGS.port, PORT_DEFAULT);
  const definition = pick(sources, SETTINGS.definition, undefined);
  const plays = pick(sources, SETTINGS.plays, undefined);
  const allowedHosts = pick(sources, SETTINGS.allowedHosts, []);
  const eventstorePort = pick(sources, SETTINGS.eventstorePort, undefined);
  const cluster = readCluster(sources);
  const configuration: ServerConfiguration = {
    ...{ host, port, allowedHosts, warnings },
    data: absolute(folder, pick(sources, SETTINGS.data, './rapport-data')),
    ...(cluster && { cluster }),
    ...(definition === undefined ? {} : { definition: absolute(folder, definition) }),
    ...(plays === undefined ? {} : { plays: playsSource(folder, plays) }),
    allowRemote: pick(sources, SETTINGS.allowRemote, false),
    ...(eventstorePort === undefined ? {} : { eventstorePort }),
    eventstoreWrites: pick(sources, SETTINGS.eventstoreWrites, false),
    logLevel: pick(sources, SETTINGS.logLevel, 'info'),
    messages: readMessages(sources, { host, port }, warnings),
    limits: pickLimits(sources),
  };
  checkDefinition(configuration.definition, readFile, faults);
  checkPlays(configuration.plays, readFile, faults);
  checkTogether(configuration, faults);
  if (cluster && eventstorePort !== undefined)
    faults.push({
      where: SETTINGS.eventstorePort.env,
      problem: 'The log of a cluster is offered by the server that keeps it.',
      mend: 'Leave this out, and let subscribers ask that server.',
    });
  if (faults.length > 0) throw new ConfigurationRefused(faults);
  return configuration;
}

/** A folder that is called like one of the words is written with ./ before it. */
function playsSource(folder: string, plays: string): PlaysSource {
  return plays === 'none' || plays === 'default' ? plays : { folder: absolute(folder, plays) };
}

/** That the file can be read, or the folder's; what it says is judged when the store opens. */
function checkDefinition(path: string | undefined, readFile: ReadFile, faults: ConfigurationFault[]): void {
  if (path === undefined) return;
  const where = 'RAPPORT_DEFINITION';
  const mend = `Name a readable YAML or JSON file, or a folder with a ${DEFINITION_IN_FOLDER}, or leave it out to use the default definition.`;
  try {
    if (readFile(path) === undefined) faults.push({ where, problem: `There is no file ${path}.`, mend });
  } catch (error) {
    const inside = join(path, DEFINITION_IN_FOLDER);
    if (isFolder(error) && path !== inside && !path.endsWith(DEFINITION_IN_FOLDER))
      return checkDefinition(inside, readFile, faults);
    faults.push({ where, problem: `${path} cannot be read: ${reason(error)}.`, mend });
  }
}

function checkPlays(plays: PlaysSource | undefined, readFile: ReadFile, faults: ConfigurationFault[]): void {
  if (typeof plays !== 'object') return;
  const { folder } = plays;
  const where = 'RAPPORT_PLAYS';
  const mend =
    'Write none, default, or the name of a folder with plays/*.yaml and templates/*.liquid (docs/plays.md says what lies in one).';
  try {
    const isThere = readFile(folder) !== undefined;
    faults.push({ where, problem: isThere ? `${folder} is no folder.` : `There is no folder ${folder}.`, mend });
  } catch (error) {
    if (!isFolder(error)) faults.push({ where, problem: `${folder} cannot be read: ${reason(error)}.`, mend });
  }
}

/** Faults that no single setting shows, and what deserves a warning. */
function checkTogether(configuration: ServerConfiguration, faults: ConfigurationFault[]): void {
  checkEventstore(configuration, faults);
  if (isLoopback(configuration.host)) return;
  if (configuration.allowRemote) {
    configuration.warnings.push(
      `HOST ${configuration.host} is reachable from other machines and there are no keys yet: ` +
        'everybody who reaches it can read and write everything.',
    );
    return;
  }
  faults.push({
    where: 'HOST',
    problem: `"${configuration.host}" is reachable from other machines, and there are no keys yet.`,
    mend: 'Use 127.0.0.1, or say --allow-remote (RAPPORT_ALLOW_REMOTE=true) where the network itself is closed.',
  });
}

function checkEventstore(configuration: ServerConfiguration, faults: ConfigurationFault[]): void {
  const { port, eventstorePort, eventstoreWrites } = configuration;
  if (eventstoreWrites && eventstorePort === undefined)
    configuration.warnings.push('eventstoreWrites says nothing without eventstorePort: the protocol is not offered.');
  if (eventstorePort === undefined || eventstorePort === 0 || eventstorePort !== port) return;
  faults.push({
    where: 'RAPPORT_EVENTSTORE_PORT',
    problem: `${eventstorePort} is the port of the HTTP API already.`,
    mend: 'Give another one, for example 2113.',
  });
}

function pickLimits(sources: Sources): ServerLimits {
  const limits: ServerLimits = { ...DEFAULT_LIMITS };
  for (const key of Object.keys(LIMIT_SETTINGS) as (keyof ServerLimits)[]) {
    limits[key] = pick(sources, LIMIT_SETTINGS[key], DEFAULT_LIMITS[key], 'limits');
  }
  return limits;
}
