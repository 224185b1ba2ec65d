import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '@rapport/event-store';
import type { Touchpoint } from '@rapport/journey';
import { currentGeneration, openReadModelQueries } from '@rapport/read-models';
import { NO_CHANNEL_OPTIONS } from '../channels/registry';
import { addressesOf, customerAtOf } from '../dispatch/dispatch-views';
import { effectsRequest } from '../dispatch/instance';
import { DispatchThread } from './dispatch-thread';
import { openRapport } from './rapport';

const NOW = Date.now();
const profile: Touchpoint = {
  ...{ touchpointId: 'p1', customerId: 'ann', type: 'profile.updated', channel: 'web', direction: 'inbound' },
  ...{ occurredAt: NOW, source: 'spec', history: false, properties: { email: 'ann@example.org', kind: 'partner' } },
};

describe('the dispatch thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-thread-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let recorded = 0;

  beforeAll(async () => {
    const rapport = await openRapport({ data: folder });
    const answer = await rapport.ingest([profile]);
    if (!answer.ok) throw new Error(answer.detail);
    recorded = answer.position;
    await rapport.waitFor(recorded, 10_000);
    await rapport.close();
  }, 30_000);

  it('knows customers as the read models show them, and when they are behind', () => {
    const models = openReadModelQueries(folder, currentGeneration(folder)!);
    const customerAt = customerAtOf(models);
    expect(customerAt('ann', recorded)).toMatchObject({ kind: 'partner', personal: { email: 'ann@example.org' } });
    expect(customerAt('nobody', recorded)).toBeNull();
    expect(customerAt('ann', recorded + 1_000_000)).toBe('behind');
    expect(addressesOf(customerAt)('ann', 'email', recorded)).toEqual({ address: 'ann@example.org' });
    expect(addressesOf(customerAt)('nobody', 'email', recorded)).toEqual({ address: null });
    models.close();
  });

  it('starts in the sandbox, hears of the switch, and ends when it is told to', async () => {
    const store = await openSqliteEventStore({ folder, partitions: 8 });
    const failures: Error[] = [];
    const options = { channels: NO_CHANNEL_OPTIONS, publicUrl: 'http://localhost', linkSecrets: [] };
    const thread = DispatchThread.start(
      { folder, generation: currentGeneration(folder)!, options },
      store.connect(),
      () => undefined,
      (error) => void failures.push(error),
    );
    await thread.ready();
    expect(thread.status).toMatchObject({ unarmed: null, effects: { all: 'sandbox' }, open: 0 });
    const off = { all: 'off' as const, channels: {}, by: 'spec' };
    await store.append([effectsRequest('EffectsSet', off, NOW)]);
    const until = Date.now() + 5_000;
    while (thread.status?.effects.all !== 'off' && Date.now() < until) await new Promise((r) => setTimeout(r, 10));
    expect(thread.status?.effects).toEqual(off);
    await thread.stop();
    await store.close();
    expect(failures).toEqual([]);
  }, 30_000);
});
