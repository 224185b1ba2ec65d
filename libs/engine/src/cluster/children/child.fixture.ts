/** Processes that a test starts, pauses and ends. Each is known by its own pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, sep } from 'node:path';

const BUILT = __dirname.includes(`${sep}dist${sep}`)
  ? __dirname
  : __dirname.replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`);
const READY_MS_MAX = 40_000;

export class Child {
  readonly lines: string[] = [];
  errors = '';
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;

  constructor(program: string, args: readonly string[]) {
    this.process = spawn(process.execPath, [join(BUILT, `${program}.fixture.js`), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.process.once('exit', () => resolve()));
    this.process.stdout!.on('data', (chunk: Buffer) =>
      this.lines.push(...chunk.toString().split('\n').filter(Boolean)),
    );
    this.process.stderr!.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  /** Its first line. */
  async ready(): Promise<string> {
    for (let waited = 0; waited < READY_MS_MAX; waited += 10) {
      if (this.lines.length > 0) return this.lines[0]!;
      if (this.process.exitCode !== null || this.process.signalCode !== null) break;
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error(`the process said nothing: ${this.errors}`);
  }

  pause(): void {
    this.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGCONT');
    this.process.kill('SIGTERM');
    await this.exited;
  }
}
