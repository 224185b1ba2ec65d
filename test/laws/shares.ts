/** Shares of a draw over all customers, against what the definition says, within the bounds of chance. */
import { allSteps, type PlaysPart } from '@rapport/journey';
import type { LawFacts } from './law-facts';

/** Deviations of the binomial: beyond so many it is no chance (one in 1.7 million for each share). */
const DEVIATIONS_MAX = 5;

/** How often one of several outcomes of a draw came. */
class Draw {
  private readonly counts = new Map<string, number>();
  private total = 0;

  constructor(private readonly shares: ReadonlyMap<string, number>) {}

  count(outcome: string): void {
    this.total += 1;
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
  }

  outside(of: string): string[] {
    const unknown = [...this.counts.keys()].filter((outcome) => !this.shares.has(outcome));
    const wrong = unknown.map((outcome) => `${of}: ${outcome} is no outcome`);
    for (const [outcome, share] of this.shares) {
      const count = this.counts.get(outcome) ?? 0;
      const deviation = Math.sqrt(this.total * share * (1 - share));
      if (Math.abs(count - this.total * share) > DEVIATIONS_MAX * deviation)
        wrong.push(`${of}: ${outcome} ${count} of ${this.total}, by right ${share}`);
    }
    return wrong;
  }

  get size(): number {
    return this.total;
  }
}

/** One draw for each customer: entering again, the same customer goes the same way, and must not be counted twice. */
export class Shares {
  private readonly draws = new Map<string, Draw>();
  private readonly changed: string[] = [];

  constructor(part: PlaysPart) {
    for (const { name, holdout, steps } of part.plays) {
      this.draws.set(
        `holdout of ${name}`,
        new Draw(
          new Map([
            ['held', holdout],
            ['acted on', 1 - holdout],
          ]),
        ),
      );
      for (const step of allSteps(steps)) {
        if (step.step !== 'split') continue;
        const shares = new Map(step.arms.map((arm) => [arm.name, arm.share / 100]));
        for (const group of ['held', 'acted on'])
          this.draws.set(`split ${name} ${step.path} ${group}`, new Draw(shares));
      }
    }
  }

  take({ entries, stepped, customerId }: LawFacts): void {
    const seen = new Map<string, string>();
    const draw = (of: string, outcome: string): void => {
      const before = seen.get(of);
      seen.set(of, outcome);
      if (before === undefined) this.draws.get(of)?.count(outcome);
      else if (before !== outcome) this.changed.push(`${of}: ${customerId} was ${before} and is ${outcome}`);
    };
    const group = (held: boolean): string => (held ? 'held' : 'acted on');
    for (const { play, held } of entries) draw(`holdout of ${play}`, group(held));
    for (const { play, enrolment, step, kind, took } of stepped) {
      const entry = entries.find((one) => one.play === play && one.enrolment === enrolment);
      if (kind === 'split' && entry !== undefined) draw(`split ${play} ${step} ${group(entry.held)}`, took);
    }
  }

  outside(): string[] {
    return [...this.changed, ...[...this.draws].flatMap(([of, draw]) => draw.outside(of))];
  }

  sizes(): Record<string, number> {
    return Object.fromEntries([...this.draws].map(([of, draw]) => [of, draw.size]));
  }
}
