/** Runs the workload under strace and turns what it did to its files into a list of operations. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { Plan } from './plan';

export type Operation =
  | { kind: 'create'; name: string }
  | { kind: 'write'; name: string; at: number; bytes: Buffer }
  | { kind: 'truncate'; name: string; size: number }
  | { kind: 'unlink'; name: string }
  | { kind: 'sync'; name: string }
  | { kind: 'syncFolder' }
  | { kind: 'acknowledge'; position: number };

const CALLS = [
  'openat',
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'pwritev2',
  'ftruncate',
  'truncate',
  'fallocate',
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'fsync',
  'fdatasync',
  'sync_file_range',
  'copy_file_range',
];
/** Not part of what must survive: the lock and the shared memory are made anew. */
const IGNORED = /^lock\.|-shm$/;
const LIBRARY = join(__dirname, '..', '..', 'dist', 'libs', 'event-store', 'src', 'index.js');

export function straceIsMissing(): boolean {
  return spawnSync('strace', ['-V']).status !== 0;
}

/** All sessions of the plan, one process after the other, on one folder. */
export function record(plan: Plan): Operation[] {
  const work = mkdtempSync(join(tmpdir(), 'rapport-power-loss-'));
  const folder = join(work, 'store');
  const planFile = join(work, 'plan.json');
  mkdirSync(folder);
  writeFileSync(planFile, JSON.stringify({ ...plan, expected: [] }));
  try {
    const parser = new TraceParser(folder);
    plan.sessions.forEach((_, session) => parser.add(trace(work, folder, planFile, session)));
    return parser.operations;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Only the main thread is traced: everything that matters happens there, one call after the other. */
function trace(work: string, folder: string, planFile: string, session: number): string {
  const file = join(work, `trace-${session}`);
  const strace = ['-y', '-xx', '-s', '2000000', '-o', file, '-e', `trace=${CALLS.join(',')}`];
  const workload = [process.execPath, join(__dirname, 'workload.js'), LIBRARY, folder, planFile, String(session)];
  const { status, signal, stderr } = spawnSync('strace', [...strace, ...workload], { encoding: 'utf8' });
  if (status !== 0 && signal !== 'SIGKILL' && status !== 137)
    throw new Error(`The workload failed (${status}): ${stderr}`);
  return readFileSync(file, 'utf8');
}

class TraceParser {
  readonly operations: Operation[] = [];
  private readonly there = new Set<string>();

  constructor(private readonly folder: string) {}

  add(text: string): void {
    for (const line of text.split('\n')) {
      const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(line);
      if (call && !(call[3] as string).startsWith('-'))
        this.call(call[1] as string, call[2] as string, Number(call[3]));
    }
  }

  private call(name: string, args: string, result: number): void {
    if (name === 'openat') return this.opened(args);
    if (name === 'unlink' || name === 'unlinkat') return this.unlinked(args);
    const path = decode(/^\d+<([^>]*)>/.exec(args)?.[1] ?? '');
    if (name === 'write' && args.startsWith('1<')) return this.printed(args);
    if (path === this.folder && name === 'fsync') {
      this.operations.push({ kind: 'syncFolder' });
      return;
    }
    const file = this.fileOf(path);
    if (file === undefined) return;
    if (name === 'pwrite64') return this.wrote(file, args, result);
    if (name === 'fsync' || name === 'fdatasync') this.operations.push({ kind: 'sync', name: file });
    else if (name === 'ftruncate')
      this.operations.push({ kind: 'truncate', name: file, size: Number(/, (\d+)$/.exec(args)?.[1]) });
    else throw new Error(`The power-loss harness does not know the call ${name}(${args.slice(0, 200)})`);
  }

  private opened(args: string): void {
    const [, path = '', flags = ''] = /"([^"]*)", ([A-Z_|]+)/.exec(args) ?? [];
    const file = this.fileOf(decode(path));
    if (file === undefined) return;
    if (!this.there.has(file) && flags.includes('O_CREAT')) {
      this.there.add(file);
      this.operations.push({ kind: 'create', name: file });
    }
    if (flags.includes('O_TRUNC')) this.operations.push({ kind: 'truncate', name: file, size: 0 });
  }

  private unlinked(args: string): void {
    const file = this.fileOf(decode(/"([^"]*)"/.exec(args)?.[1] ?? ''));
    if (file === undefined || !this.there.delete(file)) return;
    this.operations.push({ kind: 'unlink', name: file });
  }

  private wrote(file: string, args: string, result: number): void {
    const [, text = '', at = ''] = /"([^"]*)", \d+, (\d+)$/.exec(args) ?? [];
    const bytes = Buffer.from(text.replaceAll('\\x', ''), 'hex');
    if (bytes.length !== result) throw new Error(`strace kept ${bytes.length} of ${result} bytes written to ${file}`);
    this.operations.push({ kind: 'write', name: file, at: Number(at), bytes });
  }

  private printed(args: string): void {
    const text = decode(/"([^"]*)"/.exec(args)?.[1] ?? '');
    const position = /^acknowledged (\d+)\n$/.exec(text)?.[1];
    if (position !== undefined) this.operations.push({ kind: 'acknowledge', position: Number(position) });
  }

  /** Name of a file of the store; undefined for all others. */
  private fileOf(path: string): string | undefined {
    if (dirname(path) !== this.folder) return undefined;
    const name = basename(path);
    return IGNORED.test(name) ? undefined : name;
  }
}

/** strace prints every byte as \xHH. */
function decode(text: string): string {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex').toString();
}
