/**
 * Remembers how far an import came, so that an interrupted one goes on there. Nothing depends on it: without it every row
 * is sent again, and the engine drops what it knows.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ImportProgress {
  file: string;
  mapping: string;
  /** Rows up to this line are on disk. */
  line: number;
  /** The log's position when this was written: a store that is shorter is another one. */
  position: number;
  accepted: number;
}

export class ProgressFile {
  private constructor(private readonly path: string) {}

  /** Of this data file under this mapping and mode; kept in `folder`. */
  static async of(folder: string, dataFile: string, mappingText: string, live: boolean): Promise<ProgressFile> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(dataFile)) hash.update(chunk as Buffer);
    hash.update('\0' + mappingText + '\0' + String(live));
    return new ProgressFile(join(folder, `${hash.digest('hex').slice(0, 32)}.json`));
  }

  read(): ImportProgress | undefined {
    try {
      const found = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<ImportProgress>;
      const { line, position, accepted } = found;
      const whole = [line, position, accepted].every(
        (number) => Number.isSafeInteger(number) && (number as number) >= 0,
      );
      return whole ? (found as ImportProgress) : undefined;
    } catch {
      return undefined;
    }
  }

  /** False where it cannot be written: the import goes on without. */
  write(progress: ImportProgress): boolean {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      writeFileSync(`${this.path}.new`, JSON.stringify(progress));
      renameSync(`${this.path}.new`, this.path);
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
