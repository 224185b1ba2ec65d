import { join } from 'node:path';
import { pause, ServerProcess } from '../../bench/src/server-process';
import { CrashLoad } from './crash-load';
import { Ledger } from './ledger';
import { checkLog } from './log-checker';
import { readRawLog } from './raw-log';
import { SmallDisk } from './small-disk';

/** More than what the store keeps in reserve for its own needs (64 MiB). */
const DISK_MB = 160;
const RECOVERY_MS_MAX = 20_000;

const probe = SmallDisk.mount(1);
probe?.unmount();
const says = probe === undefined ? ' (skipped: mounting a small tmpfs needs root)' : '';
const describeWithDisk = probe === undefined ? describe.skip : describe;

async function until(what: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + RECOVERY_MS_MAX;
  while (Date.now() < end) {
    if (await what()) return true;
    await pause(100);
  }
  return false;
}

async function post(
  port: number,
  touchpointId: string,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const occurredAt = new Date().toISOString();
  const item = {
    touchpointId,
    customerId: 'probe',
    type: 'app.opened',
    channel: 'app',
    direction: 'inbound',
    occurredAt,
  };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/touchpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...item, source: 'crash', properties: {} }),
  });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
}

describeWithDisk(`a full disk${says}`, () => {
  it('refuses with a reason, keeps answering, loses nothing, and recovers by itself', async () => {
    // Given a server under load on a small disk
    const disk = SmallDisk.mount(DISK_MB)!;
    const data = join(disk.folder, 'store');
    const server = await ServerProcess.start({ data, logFile: `${disk.folder}.log` });
    const ledger = new Ledger();
    const load = new CrashLoad(server.port, ledger, 23);
    try {
      await pause(1_000);
      // When the disk is full
      disk.fill();
      let serial = 0;
      const refused = await until(async () => (await post(server.port, `full-${serial++}`)).status === 503);
      // Then new touchpoints are refused with 503, a reason and a time to come back, and questions are answered
      expect(refused).toBe(true);
      const refusal = await post(server.port, 'refused');
      expect(refusal.status).toBe(503);
      expect(Number(refusal.retryAfter)).toBeGreaterThan(0);
      expect(refusal.text).toMatch(/disk|space|full/i);
      expect((await server.get('/v1/customers?limit=1')).status).toBe(200);
      expect((await server.get('/health/live')).status).toBe(200);
      const before = ledger.count().acknowledged;
      // And when there is room again, it goes on without anybody's help
      disk.makeRoom();
      expect(await until(async () => (await post(server.port, `room-${serial++}`)).status === 200)).toBe(true);
      await pause(1_000);
      await load.stop();
      expect(ledger.count().acknowledged).toBeGreaterThan(before);
      expect(load.surprises).toEqual([]);
      await server.caughtUp((await server.json<{ position: number }>('/v1/customers?limit=1')).position);
      expect(await server.stop()).toBe(0);
      expect(checkLog(readRawLog(data), ledger).filter((fault) => !/nobody sent .* of probe/.test(fault))).toEqual([]);
    } finally {
      await load.stop();
      await server.kill();
      disk.unmount();
    }
  }, 120_000);
});
