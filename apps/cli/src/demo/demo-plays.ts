/** Plays in the demo: with a definition of its own, live, and with no receiver but the local inbox. */
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunningServer, ServerConfiguration } from '../../../server/src/index';
import type { BatchItem } from '../import/batch';
import type { LocalInbox } from '../inbox/local-inbox';
import { item } from '../simulation/play';
import { type Target, waitUntilShown } from '../target/target';
import { demoDefinition } from './demo-definition';
import { demoMoments } from './moments';
import { playsAtWork, type PlaysAtWork, untilDelivered, WithheldWatch } from './plays-at-work';

const LOG_FILE = 'log.sqlite';
const DEFINITION_FILE = 'demo-definition.yaml';
const FROM = 'Rapport demo <hello@demo.example>';
const BY = 'demo';

/** Receivers of the configuration are left out: what a demo says must reach nobody. */
export function demoConfiguration(configuration: ServerConfiguration, inbox: LocalInbox): ServerConfiguration {
  const { messages, data } = configuration;
  const channels = {
    ...{ webhook: { destinations: {} }, chat: { destinations: {} }, allowAddresses: [] },
    email: { from: FROM, server: inbox.smtpServer },
  };
  return { ...configuration, ...ownPlays(configuration, data), messages: { ...messages, channels } };
}

/** Of a new store that nobody gave a definition to; what a store has already stays as it is. */
function ownPlays({ definition, plays = 'default' }: ServerConfiguration, data: string): Partial<ServerConfiguration> {
  if (definition !== undefined || plays !== 'default') return {};
  const file = join(data, DEFINITION_FILE);
  // Named again, so that a start on another port finds what the first one wrote.
  if (existsSync(file)) return { definition: file, plays };
  if (existsSync(join(data, LOG_FILE))) return {};
  writeFileSync(file, demoDefinition(Date.now()));
  return { definition: file, plays };
}

/** null = the definition has no plays. */
export async function letPlaysWork(
  target: Target,
  { engine }: RunningServer,
  inbox: LocalInbox,
  signal: AbortSignal,
): Promise<PlaysAtWork | null> {
  if (engine.status().dispatch === undefined) return null;
  await target.setEffects({ by: BY, all: 'live' });
  const watch = new WithheldWatch(engine);
  const moments = (await demoMoments(target, Date.now())).map((touchpoint, i): BatchItem => item(touchpoint, i + 1));
  const { position } = await target.send(moments);
  await waitUntilShown(target, position, signal);
  await untilDelivered(target, signal);
  return playsAtWork(target, { url: inbox.url, data: engine.data }, moments.length, watch.end());
}

export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
