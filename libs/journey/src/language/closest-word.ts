/** "Did you mean": the known word that somebody probably meant. */

/** Longer words are no slips of the pen; the bound keeps the price of a refusal small. */
const WORD_LENGTH_MAX = 64;

/** The nearest of `known`, if it is near enough: a third of the word may differ. Case does not count. */
export function closestWord(word: string, known: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > WORD_LENGTH_MAX) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "x"?` where there is something near, else what to choose from. */
export function meantOrOneOf(word: string, known: readonly string[]): string {
  const near = closestWord(word, known);
  return near === undefined ? `Use one of: ${known.join(', ')}` : `Did you mean "${near}"?`;
}

/** Levenshtein distance with neighbours swapped counted once; stops at `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit;
}
