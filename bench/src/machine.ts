/** What the machine is, and who used its processors: read from /proc, so these benches run on Linux. */
import { readFileSync, readdirSync, statfsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** Processor time is counted in ticks of 1/100 s on Linux. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time since boot that were not idle, over all cores, the hypervisor's share included. */
function machineSeconds(): number {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.trim().split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** Seconds of processor time of a living process, all its threads; 0 when it is gone. */
export function processSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return 0;
    throw error;
  }
}

/** Processor seconds by thread name. */
export function threadSeconds(pid: number): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = `${stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))}/${thread}`;
    seconds[name] = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }
  return seconds;
}

export interface Memory {
  residentMb: number;
  peakMb: number;
}

export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/** Children of this process that are alive, with theirs. */
function family(): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const found = [process.pid];
  for (const pid of found) found.push(...(parents.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // The process ended between the listing and the reading.
    return undefined;
  }
}

/**
 * The share of the machine that processes other than ours took while it ran: 0 to 1. A child that ended meanwhile is counted
 * through the time that its parent collected for it.
 */
export class ForeignShare {
  private readonly started = process.hrtime.bigint();
  private readonly machine = machineSeconds();
  private readonly own = ownSeconds();

  read(): number {
    const elapsed = Number(process.hrtime.bigint() - this.started) / 1e9;
    const foreign = machineSeconds() - this.machine - (ownSeconds() - this.own);
    return Math.max(0, foreign / (elapsed * cpus().length));
  }
}

function ownSeconds(): number {
  let seconds = 0;
  for (const pid of family()) seconds += processSeconds(pid);
  return seconds + collectedSeconds();
}

/** Processor time of children that have ended. */
function collectedSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

export function describeMachine(folder: string): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const gb = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${model.trim()}), ${gb} GB, ${fileSystemOf(folder)}, Linux ${release()}, Node ${process.version}`;
}

function fileSystemOf(folder: string): string {
  const { type } = statfsSync(folder);
  const names: Record<number, string> = { 0xef53: 'ext4', 0x01021994: 'tmpfs', 0x58465342: 'xfs', 0x9123683e: 'btrfs' };
  return names[type] ?? `file system 0x${type.toString(16)}`;
}
