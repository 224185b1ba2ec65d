/** Runs the `rapport` command as a user does, and watches its memory. */
import { spawn } from 'node:child_process';
import { memory, processSeconds } from './machine';
import { PROGRAM } from './server-process';

const WATCH_MS = 50;

export interface Ran {
  seconds: number;
  /** Processor seconds of all its threads, as last seen before it ended. */
  cpuSeconds: number;
  peakMb: number;
  output: string;
}

/** Throws, with what it printed, where it ends with another code than 0. */
export function rapport(args: string[], profileFolder?: string): Promise<Ran> {
  const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [...flags, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let peakMb = 0;
    let cpuSeconds = 0;
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
    const watch = setInterval(() => {
      if (child.exitCode !== null || child.pid === undefined) return;
      peakMb = Math.max(peakMb, peakOf(child.pid));
      cpuSeconds = Math.max(cpuSeconds, processSeconds(child.pid));
    }, WATCH_MS);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(watch);
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, cpuSeconds, peakMb, output });
      else reject(new Error(`rapport ${args.join(' ')} ended with ${code}:\n${output.slice(-2_000)}`));
    });
  });
}

/** 0 where the process ended while we looked. */
function peakOf(pid: number): number {
  try {
    return memory(pid).peakMb;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}
