/**
 * Schemathesis, a fuzzer that reads /openapi.json, against the real server: no 5xx, every answer as documented, every
 * constraint kept. It is a Python program in a virtual environment of its own; where there is no python3 it is skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../http/server-process';
import { INSTALL_MS_MAX, pythonProgram, pythonWanted, run } from '../python-environment';

const RUN_SECONDS_MAX = 50;
const EXAMPLES_MAX = 15;
const TEST_MS_MAX = 90_000;

const day = (n: number): string => new Date(Date.now() - n * 86_400_000).toISOString();

/** Something to list: customers on several rungs, history, and one parked input. */
async function fill(server: ServerProcess): Promise<void> {
  const touchpoints = Array.from({ length: 60 }, (_, i) => ({
    touchpointId: `t-${i}`,
    customerId: `c-${i % 20}`,
    type: i % 3 === 0 ? 'purchase.completed' : 'store.visited',
    occurredAt: day(1 + (i % 50)),
    history: i % 5 === 0,
    ...(i % 3 === 0 ? { properties: { orderId: `o-${i}`, value: 10, currency: 'EUR' } } : {}),
  }));
  await server.fetch('POST', '/v1/touchpoints', touchpoints, { prefer: 'wait=20' });
  const again = { ...touchpoints[1], channel: 'another' };
  await server.fetch('POST', '/v1/touchpoints', again, { prefer: 'wait=20' });
}

(pythonWanted('schemathesis') ? describe : describe.skip)('schemathesis', () => {
  let program: string;
  let server: ServerProcess;
  let folder: string;
  beforeAll(async () => {
    program = await pythonProgram('schemathesis', 'schemathesis==4.32.*', 'version 4.32.');
    server = await ServerProcess.start();
    await fill(server);
    folder = mkdtempSync(join(tmpdir(), 'rapport-schemathesis-'));
  }, INSTALL_MS_MAX);
  afterAll(async () => {
    await server.stopAndForget();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it(
    'finds no answer that is not as documented',
    async () => {
      const { code, output } = await run(
        program,
        [
          ...['--config-file', join(__dirname, 'schemathesis.toml'), 'run', `${server.url}/openapi.json`],
          // A live stream never ends; test/http/streams.spec.ts holds its answers against the document.
          ...['--exclude-path-regex', 'stream$'],
          ...['--max-examples', String(EXAMPLES_MAX), '--max-time', String(RUN_SECONDS_MAX)],
          ...['--request-timeout', '20', '--seed', process.env['RAPPORT_TEST_SEED'] ?? '1'],
        ],
        folder,
      );
      if (code !== 0) throw new Error(`schemathesis ended with ${code}:\n${output}\n${server.output}`);
      expect(output).toContain('Test cases:');
    },
    TEST_MS_MAX,
  );
});
