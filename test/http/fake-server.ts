/** The real HTTP side on a real socket, with a fake engine behind it. */
import { readConfiguration, startServer } from '../../apps/server/src';
import type { RunningServer } from '../../apps/server/src';
import type { LogEntry } from '@rapport/engine';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeEngine } from './fake-engine';

export interface FakeServer {
  engine: FakeEngine;
  server: RunningServer;
  logged: LogEntry[];
  stop(): Promise<void>;
}

export async function startFake(
  environment: { [name: string]: string } = {},
  overlay: FakeEngine['overlay'] = {},
): Promise<FakeServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-http-'));
  const engine = new FakeEngine(folder);
  engine.overlay = overlay;
  const logged: LogEntry[] = [];
  const configuration = readConfiguration({ port: 0, data: folder }, environment, () => undefined);
  const server = await startServer(
    configuration,
    (entry) => logged.push(entry),
    () => Promise.resolve(engine),
  );
  const stop = async (): Promise<void> => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { engine, server, logged, stop };
}
