import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, ServerProcess } from '../../bench/src/server-process';
import { CrashLoad } from './crash-load';
import { Ledger } from './ledger';
import { checkLog } from './log-checker';
import { readRawLog } from './raw-log';

describe('one store, one process', () => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-shutdown-'));
    data = join(folder, 'store');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('stops under load when asked to, and has kept what it acknowledged', async () => {
    // Given a server under load
    const server = await ServerProcess.start({ data });
    const ledger = new Ledger();
    const load = new CrashLoad(server.port, ledger, 11);
    await pause(1_000);
    // When it is asked to stop
    const code = await server.stop();
    await load.stop();
    // Then it says that it ended well, and the log holds what was acknowledged
    expect(code).toBe(0);
    expect(ledger.count().acknowledged).toBeGreaterThan(100);
    expect(load.surprises).toEqual([]);
    expect(checkLog(readRawLog(data), ledger)).toEqual([]);
  }, 60_000);

  it('refuses a second server on the same store, in words, and the first goes on', async () => {
    // Given a server on a store
    const server = await ServerProcess.start({ data });
    try {
      // When a second one is started on it
      const second = await ServerProcess.launch({ data, logFile: join(folder, 'second.log') });
      await second.ended();
      // Then the second ends with a message that names the store, and the first still answers
      expect(second.exitCode).not.toBe(0);
      expect(second.lastLog()).toMatch(/already|another|in use/i);
      expect(second.lastLog()).toContain(data);
      expect((await server.get('/health/ready')).status).toBe(200);
    } finally {
      await server.stop();
    }
  }, 60_000);
});
