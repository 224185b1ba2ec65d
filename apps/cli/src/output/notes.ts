/** What a command says beside its data: on stderr, so that data can be piped. */
let quiet = false;

export function setQuiet(value: boolean): void {
  quiet = value;
}

export function note(text: string): void {
  if (!quiet) process.stderr.write(`${text}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
