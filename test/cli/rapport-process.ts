/** Runs the built `rapport` as its users do: in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
export const MAIN = join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js');
export const MAPPINGS = join(ROOT, 'docs', 'mappings');
/** Real data beside the project; not everybody has it. */
export const DATA = join(ROOT, '..', 'shared', 'data');
export const hasData = existsSync(DATA);

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  process: ChildProcess;
  ended: Promise<Ended>;
}

export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'rapport-cli-'));
  readonly data = join(this.folder, 'store');
  private readonly running = new Set<ChildProcess>();

  /** Starts `rapport` with this sandbox's store. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: { ...process.env, RAPPORT_DATA: this.data, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        this.running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return { process: child, ended };
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Runs a command with --json, expects it to succeed, and parses what it says. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`rapport ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Starts a server on this sandbox's store and waits until it can be found. */
  async serve(args: readonly string[] = []): Promise<{ running: Running; url: string }> {
    const running = this.start(['serve', '--log-level', 'warn', ...args]);
    const file = join(this.data, 'server.json');
    await until(() => existsSync(file), 20_000, 'the server to write server.json');
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
    return { running, url };
  }

  async end(): Promise<void> {
    for (const child of this.running) {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const LOOK_MS = 10;

export async function until(holds: () => boolean, ms: number, what: string): Promise<void> {
  for (const end = Date.now() + ms; !holds();) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
