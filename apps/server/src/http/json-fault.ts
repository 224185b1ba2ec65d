/** Finds where a text stops being JSON. Runs only after JSON.parse refused it, whose own messages often name no place. */

const WHITE = new Set([' ', '\t', '\n', '\r']);
const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Everything from the space on but the quote and the backslash. */
const STRING_RUN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

export interface JsonFault {
  /** In UTF-16 units from the start. */
  offset: number;
  line: number;
  column: number;
  problem: string;
}

/** The first fault of the text; undefined where it is JSON. Walks without recursion, so that no depth can break it. */
export function findJsonFault(text: string): JsonFault | undefined {
  const walk = new Walk(text);
  const problem = walk.run();
  if (problem === undefined) return undefined;
  const before = text.slice(0, walk.at);
  const line = before.split('\n').length;
  return { offset: walk.at, line, column: walk.at - before.lastIndexOf('\n'), problem };
}

class Walk {
  at = 0;
  /** The closing bracket of every open object and array. */
  private readonly open: ('}' | ']')[] = [];

  constructor(private readonly text: string) {}

  run(): string | undefined {
    for (;;) {
      const problem = this.value();
      if (problem !== undefined) return problem;
      const after = this.afterValue();
      if (after === 'more') continue;
      return after === 'end' ? undefined : after;
    }
  }

  /** Reads a scalar, or opens brackets down to the first scalar inside or to an empty pair. */
  private value(): string | undefined {
    for (;;) {
      const char = this.next();
      if (char === '{' || char === '[') {
        this.at++;
        const close = char === '{' ? '}' : ']';
        if (this.next() === close) {
          this.at++;
          return undefined;
        }
        this.open.push(close);
        const problem = char === '{' ? this.name() : undefined;
        if (problem !== undefined) return problem;
        continue;
      }
      return this.scalar(char);
    }
  }

  private scalar(char: string | undefined): string | undefined {
    if (char === '"') return this.string();
    for (const word of ['true', 'false', 'null']) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return undefined;
      }
    }
    if (this.take(NUMBER)) return undefined;
    return this.unexpected('a value');
  }

  /** After a value: closes brackets, or moves on to the next member. */
  private afterValue(): 'more' | 'end' | (string & {}) {
    for (;;) {
      const char = this.next();
      const close = this.open.at(-1);
      if (close === undefined) return char === undefined ? 'end' : this.unexpected('the end');
      if (char === close) {
        this.at++;
        this.open.pop();
        continue;
      }
      if (char !== ',') return this.unexpected(`"," or "${close}"`);
      this.at++;
      if (close === ']') return 'more';
      return this.name() ?? 'more';
    }
  }

  /** `"name":` of a member. */
  private name(): string | undefined {
    if (this.next() !== '"') return this.unexpected('a name in double quotes');
    const problem = this.string();
    if (problem !== undefined) return problem;
    if (this.next() !== ':') return this.unexpected('":"');
    this.at++;
    return undefined;
  }

  private string(): string | undefined {
    this.at++;
    for (;;) {
      this.take(STRING_RUN);
      const char = this.text[this.at];
      if (char === '"') {
        this.at++;
        return undefined;
      }
      if (char === undefined) return 'The text ends inside a string.';
      if (char !== '\\') return 'A control character must be written as an escape inside a string.';
      if (!this.take(ESCAPE)) return 'There is no such escape in a string.';
    }
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return false;
    this.at += found[0].length;
    return true;
  }

  private next(): string | undefined {
    while (WHITE.has(this.text[this.at] ?? '')) this.at++;
    return this.text[this.at];
  }

  private unexpected(wanted: string): string {
    const char = this.text[this.at];
    return char === undefined
      ? `The text ends where ${wanted} should stand.`
      : `Expected ${wanted}, found ${JSON.stringify(char)}.`;
  }
}
