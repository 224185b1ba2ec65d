/**
 * Schemathesis, a fuzzer that reads /openapi.json, against the real server: no 5xx, every answer as documented, every
 * constraint kept. It is a Python program in a virtual environment of its own; where there is no python3 it is skipped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../http/server-process';

const ROOT = join(__dirname, '..', '..');
const ENVIRONMENT = join(ROOT, '.venv');
const PROGRAM = join(ENVIRONMENT, 'bin', 'schemathesis');
const PINNED = 'schemathesis==4.32.*';
const RUN_SECONDS_MAX = 50;
const EXAMPLES_MAX = 15;
const INSTALL_MS_MAX = 240_000;
const TEST_MS_MAX = 90_000;

const hasPython = spawnSync('python3', ['--version']).status === 0;
const required = process.env['CI'] === 'true';
if (!hasPython && !required) console.warn('Skipped: schemathesis needs python3, which is not installed here.');

function run(program: string, parameters: string[], cwd = ROOT): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env: { ...process.env, NO_COLOR: '1' } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function install(): Promise<void> {
  const found = existsSync(PROGRAM) ? await run(PROGRAM, ['--version']) : undefined;
  if (found?.code === 0 && found.output.includes('version 4.32.')) return;
  for (const [program, parameters] of [
    ['python3', ['-m', 'venv', ENVIRONMENT]],
    [join(ENVIRONMENT, 'bin', 'pip'), ['install', '--quiet', PINNED]],
  ] as const) {
    const { code, output } = await run(program, [...parameters]);
    if (code !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with ${code}:\n${output}`);
  }
}

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

(hasPython || required ? describe : describe.skip)('schemathesis', () => {
  let server: ServerProcess;
  let folder: string;
  beforeAll(async () => {
    await install();
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
        PROGRAM,
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
