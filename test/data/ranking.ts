/** How well a score ranks what was answered. Ties are averaged. */
export interface Scored {
  score: number;
  answered: boolean;
}

/** Chance that an answered one stands above an unanswered one. */
export function auc(all: readonly Scored[]): number {
  let ranks = 0;
  let below = 0;
  for (const group of byScore(all).reverse()) {
    const answered = group.filter((one) => one.answered).length;
    ranks += answered * (below + (group.length + 1) / 2);
    below += group.length;
  }
  const answered = all.filter((one) => one.answered).length;
  return (ranks - (answered * (answered + 1)) / 2) / (answered * (all.length - answered));
}

/** Share of all answers in the best fifth; of a group of equals that crosses its end, the part that fits. */
export function topFifth(all: readonly Scored[]): number {
  let room = all.length / 5;
  let found = 0;
  for (const group of byScore(all)) {
    const part = Math.min(1, room / group.length);
    found += part * group.filter((one) => one.answered).length;
    room -= part * group.length;
  }
  return found / all.filter((one) => one.answered).length;
}

/** Groups of equals, best first. */
function byScore(all: readonly Scored[]): Scored[][] {
  const groups = new Map<number, Scored[]>();
  for (const one of all) {
    const group = groups.get(one.score);
    if (group === undefined) groups.set(one.score, [one]);
    else group.push(one);
  }
  return [...groups].sort(([a], [b]) => b - a).map(([, group]) => group);
}
