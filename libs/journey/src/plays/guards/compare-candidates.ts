import type { Candidate, CompareCandidates } from '../guards.types';

/** Thanks that are owed, then what gives or tells or is to be done, then asks; then priority, place in the document, step. */
export const compareCandidates: CompareCandidates = (a, b) =>
  rankOf(a) - rankOf(b) ||
  b.priority - a.priority ||
  a.order - b.order ||
  comparePaths(a.path, b.path) ||
  (a.action < b.action ? -1 : Number(a.action > b.action));

function rankOf({ settlesOwed, verb }: Candidate): number {
  if (settlesOwed) return 0;
  return verb === 'ask' ? 2 : 1;
}

/** Indexes one by one, as numbers: `2.10` stands behind `2.9`, a step before those inside it. */
function comparePaths(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
