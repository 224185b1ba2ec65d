/** The real server in a process of its own, as it is built in dist. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultsOf } from '../openapi/documented-answer';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'apps', 'server', 'src', 'main.js');
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;

export interface Answer<Body = { [member: string]: unknown }> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export class ServerProcess {
  output = '';
  private constructor(
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr?.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    child.stdout?.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
  }

  url = '';

  static async start(
    environment: { [name: string]: string } = {},
    folder = mkdtempSync(join(tmpdir(), 'rapport-e2e-')),
  ): Promise<ServerProcess> {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built. Run: npm run build`);
    const own = { PORT: '0', HOST: '127.0.0.1', RAPPORT_DATA: folder, LOG_LEVEL: 'info', ...environment };
    const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM], {
      env: { PATH: process.env['PATH'], ...own },
    });
    const server = new ServerProcess(folder, child);
    server.url = await server.listening();
    return server;
  }

  /** Runs a server that is expected to refuse to start. */
  static async refused(environment: { [name: string]: string }): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [PROGRAM], { env: { PATH: process.env['PATH'], ...environment } });
    const server = new ServerProcess('', child);
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { code, output: server.output };
  }

  private async listening(): Promise<string> {
    const end = Date.now() + START_MS_MAX;
    for (;;) {
      const line = /"message":"Listening on ([^ ,]+),/.exec(this.output);
      if (line?.[1] !== undefined) return line[1];
      if (this.child.exitCode !== null || Date.now() > end)
        throw new Error(`The server did not start:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Resolves with the exit code; null where a signal ended it. */
  exited(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The server did not end:\n${this.output}`)), STOP_MS_MAX);
      this.child.once('exit', (code) => {
        clearTimeout(late);
        resolve(code);
      });
    });
  }

  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.exited();
  }

  async stopAndForget(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  serverFile(): string | undefined {
    const path = join(this.folder, 'server.json');
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  /** Fetches, and holds the answer against the OpenAPI document. */
  async fetch<Body = { [member: string]: unknown }>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: { [name: string]: string } = {},
  ): Promise<Answer<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const faults = faultsOf(method, path, answer.status, type, text);
    if (faults.length > 0) throw new Error(`Not as documented:\n${faults.join('\n')}\n${text.slice(0, 2_000)}`);
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (type.includes('json') ? JSON.parse(text) : text) as Body,
    };
  }
}
