/** A disk of a few megabytes to fill up: a tmpfs, which takes root and a machine that lets it mount. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BALLAST_STEP_BYTES = 64 * 1024;

export class SmallDisk {
  private readonly ballast: string;

  private constructor(readonly folder: string) {
    this.ballast = join(folder, 'ballast');
  }

  /** Undefined where this machine does not let us mount one. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-small-disk-'));
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
    if (status === 0) return new SmallDisk(folder);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }

  /** Writes until nothing more fits. */
  fill(): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (let step = BALLAST_STEP_BYTES; step >= 1; step = Math.floor(step / 2)) this.writeUntilFull(file, step);
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.ballast, { force: true });
  }

  /** Makes it read-only, or writable again. */
  remount(mode: 'ro' | 'rw'): boolean {
    return spawnSync('mount', ['-o', `remount,${mode}`, this.folder]).status === 0;
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeUntilFull(file: number, step: number): void {
    const piece = Buffer.alloc(step, 'x');
    try {
      for (;;) writeSync(file, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
