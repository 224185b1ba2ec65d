import { randomBytes } from 'node:crypto';

import { pack } from '../event-packer';
import type { NewEvent } from '../event-store';
import { collect, comparable, type Context, event, request } from './contract-events';

export function content({ store, reopen }: Context): void {
  it('keeps every part of an event, byte for byte', async () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const events: NewEvent[] = [
      event('', {
        data: everyByte,
        personal: everyByte,
        subject: 'Ünïcode 顧客 🙂',
        correlationId: randomBytes(16),
        causationId: randomBytes(16),
      }),
      event('', { data: new Uint8Array(0), schemaVersion: 7, occurredAt: -5.25, type: 'Größe.geändert' }),
      event('', { personal: new Uint8Array(0), subject: '', occurredAt: Date.UTC(2026, 0, 1) }),
      event('', { data: randomBytes(700_000) }),
    ];
    await store().append([{ stream: 'ströme-𝄞', expected: 'noStream', events: pack(events) }]);
    await reopen();
    const stored = await collect(store().readStream('ströme-𝄞'));
    expect(stored.map(comparable)).toEqual(events.map(comparable));
    expect(stored.every((e) => Number.isSafeInteger(e.recordedAt) && e.recordedAt > 1.7e12)).toBe(true);
  });

  it('stamps commits in order', async () => {
    for (let i = 0; i < 5; i++) await store().append([request('a', 'any', 'x')]);
    const stamps = (await collect(store().readAll())).map((e) => e.recordedAt);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect((await store().head()).recordedAt).toBe(stamps[4]);
  });
}
