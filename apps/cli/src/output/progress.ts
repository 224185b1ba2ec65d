/** Progress of long work on stderr: one line that changes on a terminal, a line every few seconds elsewhere. */
import { formatCount } from './table';

const TERMINAL_EVERY_MS = 200;
const LINE_EVERY_MS = 5_000;
const CLEAR_LINE = '\r\u001b[K';

export class Progress {
  private readonly started = performance.now();
  private shownAt: number;
  private open = false;

  constructor(
    private readonly what: string,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.shownAt = this.started;
  }

  /** @param done share from 0 to 1, where it is known */
  show(count: number, unit: string, done?: number): void {
    const now = performance.now();
    const terminal = this.stream.isTTY && process.env['TERM'] !== 'dumb';
    if (now - this.shownAt < (terminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS)) return;
    this.shownAt = now;
    const text = this.text(count, unit, done, (now - this.started) / 1_000);
    this.stream.write(terminal ? CLEAR_LINE + text : `${text}\n`);
    this.open = terminal;
  }

  /** Takes the changing line away. */
  end(): void {
    if (this.open) this.stream.write(CLEAR_LINE);
    this.open = false;
  }

  private text(count: number, unit: string, done: number | undefined, seconds: number): string {
    const rate = `${formatCount(Math.round(count / seconds))}/s`;
    const text = `${this.what}: ${formatCount(count)} ${unit}, ${rate}`;
    if (done === undefined || done <= 0) return text;
    const left = Math.ceil((seconds / done) * (1 - done));
    return `${text}, ${Math.floor(done * 100)} %, about ${left} s left`;
  }
}
