/** For specs that kill a server: `await startEndpointProcess()`. What is built in dist is run, so `npm run build` comes before. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

const PROGRAM = join(__dirname, 'endpoint-child.fixture.js').replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`);

export class EndpointProcess {
  private child!: ChildProcess;
  private port = 0;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<EndpointProcess> {
    const started = new EndpointProcess(mkdtempSync(join(tmpdir(), 'rapport-endpoint-')));
    await started.run();
    return started;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** SIGKILL, SIGTERM: resolves when it is gone. SIGSTOP, SIGCONT: at once. */
  async signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(name);
    if (name === 'SIGKILL' || name === 'SIGTERM') await gone;
  }

  /** On the same store and port, after it has ended. */
  run(): Promise<void> {
    this.child = spawn(process.execPath, [PROGRAM, this.folder, String(this.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise((resolve, reject) => {
      this.child.stdout?.once('data', (line: Buffer) => {
        this.port = Number(line.toString());
        resolve();
      });
      this.child.once('exit', (code) => reject(new Error(`The endpoint ended with ${code} before it listened.`)));
    });
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
