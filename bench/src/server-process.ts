/** The real server, as a user starts it, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

export const PROGRAM = join(projectRoot(), 'dist', 'apps', 'cli', 'src', 'main.js');
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 60_000;
const CATCH_UP_MS_MAX = 300_000;

export interface ServerOptions {
  data: string;
  /** Writes a .cpuprofile of each thread to this folder when the server stops. */
  profileFolder?: string;
  /** Any free one where it is absent. */
  port?: number;
  /** What it prints; beside the store where it is absent. */
  logFile?: string;
  /** More for its environment. */
  environment?: Record<string, string>;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

/** A server must not outlive the program that started it. */
const alive = new Set<ChildProcess>();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

export class ServerProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  get pid(): number {
    return this.child.pid!;
  }

  /** Null while it runs, and where a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Resolves when it is ready. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = await ServerProcess.launch(options);
    await server.ready();
    return server;
  }

  /** Resolves as soon as the process exists. */
  static async launch(options: ServerOptions): Promise<ServerProcess> {
    const port = options.port ?? (await freePort());
    const logFile = options.logFile ?? `${options.data}.log`;
    const log = openSync(logFile, 'a');
    const own = { HOST: '127.0.0.1', PORT: String(port), RAPPORT_DATA: options.data, LOG_LEVEL: 'warn' };
    const child = spawn(process.execPath, [...profileFlags(options.profileFolder), PROGRAM, 'serve'], {
      env: { ...process.env, ...own, ...options.environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    return new ServerProcess(port, child, logFile);
  }

  get(path: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: this.port, path }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => (text += piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      call.on('error', reject);
      call.end();
    });
  }

  async json<T>(path: string): Promise<T> {
    const { status, text } = await this.get(path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }

  /** Resolves when the read models show everything up to this position; says how many seconds that took. */
  async caughtUp(position: number): Promise<number> {
    const started = performance.now();
    while (performance.now() - started < CATCH_UP_MS_MAX) {
      const shown = await this.json<{ position: number }>('/v1/customers?limit=1');
      if (shown.position >= position) return (performance.now() - started) / 1000;
      await pause(20);
    }
    throw new Error(`The read models did not reach position ${position} in ${CATCH_UP_MS_MAX} ms.`);
  }

  /** Asks it to stop, as an operator would; answers its exit code (null = it had to be killed). */
  async stop(): Promise<number | null> {
    const ended = this.ended();
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(late);
    return this.child.exitCode;
  }

  /** Ends it without a warning, as a crash does. */
  async kill(): Promise<void> {
    const ended = this.ended();
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Resolves when the process is gone. */
  async ended(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    await new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
  }

  async ready(): Promise<void> {
    const until = performance.now() + START_MS_MAX;
    while (performance.now() < until) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`The server ended at its start:\n${this.lastLog()}`);
      const answer = await this.get('/health/ready').catch(() => undefined);
      if (answer?.status === 200) return;
      await pause(25);
    }
    await this.stop();
    throw new Error(`The server was not ready after ${START_MS_MAX} ms:\n${this.lastLog()}`);
  }

  lastLog(): string {
    return readFileSync(this.logFile, 'utf8').slice(-2_000);
  }
}

function profileFlags(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** The folder with package.json: two levels up from the sources, three from dist. */
function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
