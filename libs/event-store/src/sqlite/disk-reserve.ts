import { statfsSync } from 'node:fs';

/** Ingest is refused while the disk has less room than this, so that checkpoints and the read models can still work. */
export const DISK_RESERVE_BYTES = 64 * 1024 * 1024;
/** How often the room on the disk is looked at. */
const LOOK_INTERVAL_MS = 1000;

/** Watches that some room is left on the disk of a folder. */
export class DiskReserve {
  private lookedAt = -Infinity;
  private refusal: string | undefined;

  constructor(
    private readonly folder: string,
    private readonly reserveBytes = DISK_RESERVE_BYTES,
    private readonly freeBytes = freeBytesOf,
  ) {}

  /** Why nothing should be written now; undefined = there is room. */
  problem(): string | undefined {
    const now = performance.now();
    if (now - this.lookedAt >= LOOK_INTERVAL_MS) {
      this.lookedAt = now;
      const free = this.freeBytes(this.folder);
      this.refusal =
        free >= this.reserveBytes
          ? undefined
          : `the disk of ${this.folder} has ${free} bytes left, ${this.reserveBytes} are kept in reserve. Make room.`;
    }
    return this.refusal;
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
