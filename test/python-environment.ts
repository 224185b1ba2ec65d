/** Programs from PyPI that only tests need, in a virtual environment of the project's own. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..');
const ENVIRONMENT = join(ROOT, '.venv');

/** How long making the environment and installing one program may take (ms). */
export const INSTALL_MS_MAX = 240_000;

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** False = no python3 here, and nobody demands it; CI does. Says so on the console. */
export function pythonWanted(whatFor: string): boolean {
  const wanted = hasPython || process.env['CI'] === 'true';
  if (!wanted) console.warn(`Skipped: ${whatFor} needs python3, which is not installed here.`);
  return wanted;
}

export function run(
  program: string,
  parameters: string[],
  cwd = ROOT,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env: { ...process.env, NO_COLOR: '1' } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The path of a program, installed where its `--version` does not say `version` yet. `pinned` is what pip is given. */
export async function pythonProgram(name: string, pinned: string, version: string): Promise<string> {
  const program = join(ENVIRONMENT, 'bin', name);
  const found = existsSync(program) ? await run(program, ['--version']) : undefined;
  if (found?.code === 0 && found.output.includes(version)) return program;
  for (const [command, parameters] of [
    ['python3', ['-m', 'venv', ENVIRONMENT]],
    [join(ENVIRONMENT, 'bin', 'pip'), ['install', '--quiet', pinned]],
  ] as const) {
    const { code, output } = await run(command, [...parameters]);
    if (code !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${code}:\n${output}`);
  }
  return program;
}
