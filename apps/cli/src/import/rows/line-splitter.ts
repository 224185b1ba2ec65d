/** Cuts decoded text into numbered lines. LF and CRLF end a line; a line that is too long is cut and says so. */
import { RECORD_CHARACTERS_MAX } from './row';

export interface Line {
  number: number;
  text: string;
  fault?: string;
}

const REPLACEMENT = '\uFFFD';

export class LineSplitter {
  private rest = '';
  private number = 0;
  private tooLong = false;
  private first = true;

  constructor(private readonly encoding: string) {}

  push(chunk: string): Line[] {
    const lines: Line[] = [];
    let text = this.rest + chunk;
    if (this.first && text !== '') {
      this.first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const suspect = text.includes(REPLACEMENT);
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      lines.push(this.line(text.slice(start, end), suspect));
      start = end + 1;
    }
    this.keep(text.slice(start));
    return lines;
  }

  /** The last line, where the file does not end with a line end. */
  end(): Line[] {
    if (this.rest === '' && !this.tooLong) return [];
    const line = this.line(this.rest, true);
    this.rest = '';
    return [line];
  }

  private keep(rest: string): void {
    this.tooLong ||= rest.length > RECORD_CHARACTERS_MAX;
    this.rest = this.tooLong ? rest.slice(0, RECORD_CHARACTERS_MAX) : rest;
  }

  private line(found: string, suspect: boolean): Line {
    const text = found.endsWith('\r') ? found.slice(0, -1) : found;
    const number = ++this.number;
    if (this.tooLong || text.length > RECORD_CHARACTERS_MAX) {
      this.tooLong = false;
      const fault = `the line has more than ${RECORD_CHARACTERS_MAX} characters: is the format right?`;
      return { number, text: text.slice(0, RECORD_CHARACTERS_MAX), fault };
    }
    if (suspect && text.includes(REPLACEMENT)) {
      return { number, text, fault: `the line is no valid ${this.encoding}: name the file's encoding in the mapping` };
    }
    return { number, text };
  }
}
