/** A store made by hand for the specs of the queries: the real log, the real engine, the real read models. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogReader } from '@rapport/event-store';
import { DEFAULT_DEFINITION_TEXT, type Touchpoint } from '@rapport/journey';
import { openReadModelQueries } from '@rapport/read-models';
import { EVENT } from '../loop/control-events';
import { Definitions } from '../loop/definitions';
import { StillEngine } from '../loop/still-engine';
import type { QuerySources } from './sources';

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 0, 1);

export interface AskedStore {
  sources: QuerySources;
  close(): void;
}

function touchpoint(customerId: string, id: string, daysAgo: number, more: Partial<Touchpoint> = {}): Touchpoint {
  return {
    customerId,
    touchpointId: id,
    type: 'purchase.completed',
    channel: 'store',
    direction: 'inbound',
    occurredAt: START - daysAgo * DAY,
    source: 'spec',
    properties: { value: 10 },
    history: false,
    ...more,
  };
}

/** anna: three purchases of history, settled, then live; ben: one view; cleo: unsettled history only. */
export function openAskedStore(): AskedStore {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-queries-'));
  const engine = new StillEngine({ folder, partitions: 2, now: START });
  engine.publish(DEFAULT_DEFINITION_TEXT, 1);
  const past = { history: true };
  engine.record([
    touchpoint('anna', 'a1', 90, past),
    touchpoint('anna', 'a2', 60, past),
    touchpoint('anna', 'a3', 30, past),
    touchpoint('anna', 'p1', 50, {
      ...past,
      type: 'profile.updated',
      properties: { kind: 'partner', name: 'Anna Ünal', locale: 'de' },
    }),
  ]);
  engine.control(EVENT.historySettled, { cap: 100 });
  engine.run();
  engine.record([
    touchpoint('anna', 'a4', 0, { type: 'review.posted', properties: { rating: 5 }, text: 'Great!', channel: 'web' }),
    touchpoint('ben', 'b1', 0, { type: 'web.page.viewed', properties: {}, channel: 'web' }),
    touchpoint('cleo', 'c1', 400, past),
  ]);
  engine.record([touchpoint('ben', 'b1', 0, { type: 'web.page.viewed', properties: { other: true }, channel: 'web' })]);
  engine.run();
  engine.flush();
  const log = openLogReader(folder);
  const models = openReadModelQueries(folder, 1);
  const definitions = Definitions.read(log);
  const sources: QuerySources = {
    models,
    log,
    partitionCount: 2,
    compiled: (version) => definitions.get(version),
    latestDefinition: () => definitions.latest,
  };
  const close = (): void => {
    models.close();
    log.close();
    engine.close();
    rmSync(folder, { recursive: true });
  };
  return { sources, close };
}
