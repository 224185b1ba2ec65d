/** A store with plays made by hand: anna is welcomed, ben's complaint waits for a human, cleo waits to be asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogReader } from '@rapport/event-store';
import { PLAY_CONTROL, type Touchpoint } from '@rapport/journey';
import { openReadModelQueries } from '@rapport/read-models';
import { Definitions } from '../loop/definitions';
import { StillEngine } from '../loop/still-engine';
import { DOCUMENTS_WITH_PLAYS } from '../loop/still-plays.fixture';
import type { AskedStore } from './asked-store';

/** A Monday at noon: nothing is quiet. */
export const PLAYS_START = Date.UTC(2026, 0, 5, 12);

function touchpoint(customerId: string, id: string, type: string, more: Partial<Touchpoint> = {}): Touchpoint {
  return {
    ...{ customerId, touchpointId: id, type, channel: 'web', direction: 'inbound', occurredAt: PLAYS_START },
    ...{ source: 'spec', properties: {}, history: false, ...more },
  };
}

export function openPlayStore(): AskedStore {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-play-queries-'));
  const engine = new StillEngine({ folder, partitions: 2, now: PLAYS_START });
  engine.publish(DOCUMENTS_WITH_PLAYS[0]!, 1);
  engine.record([
    touchpoint('anna', 'a1', 'purchase.completed', { properties: { value: 10 } }),
    touchpoint('ben', 'b1', 'store.complaint.made', { properties: { ticketId: 'a' } }),
    touchpoint('cleo', 'c1', 'web.page.viewed'),
  ]);
  engine.command('cleo', { commandId: 'c-1', by: 'ann', command: 'enrol', play: 'thanks' });
  engine.control(PLAY_CONTROL.playPaused, { play: 'sorry', by: 'ann' });
  engine.run();
  engine.flush();
  const log = openLogReader(folder);
  const models = openReadModelQueries(folder, 1);
  const definitions = Definitions.read(log);
  const close = (): void => {
    models.close();
    log.close();
    engine.close();
    rmSync(folder, { recursive: true });
  };
  const sources = {
    ...{ models, log, partitionCount: 2 },
    compiled: (version: number) => definitions.get(version),
    latestDefinition: () => definitions.latest,
  };
  return { sources, close };
}
