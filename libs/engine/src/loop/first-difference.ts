/** Characters of each text that are shown around the place where two texts part. */
const SHOWN_BEFORE_CHARACTERS = 120;
const SHOWN_AFTER_CHARACTERS = 240;

/** The same stretch of two texts, around their first difference: whole decisions run to thousands of characters. */
export function aroundDifference(a: string, b: string): [string, string] {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - SHOWN_BEFORE_CHARACTERS);
  return [excerpt(a, from, at + SHOWN_AFTER_CHARACTERS), excerpt(b, from, at + SHOWN_AFTER_CHARACTERS)];
}

function excerpt(text: string, from: number, to: number): string {
  return `${from > 0 ? '...' : ''}${text.slice(from, to)}${to < text.length ? '...' : ''}`;
}
