/** What a bench measures and what it should come to. */
export interface Goal {
  atLeast?: number;
  atMost?: number;
}

/** One line of the table. `key` names the number in a measurement. */
export interface FigureSpec extends Goal {
  key: string;
  title: string;
  unit: string;
  /** What it is set against, in words, from the same measurement. */
  beside?: (measured: Measurement) => string;
}

/** The numbers of one run, by key. */
export type Measurement = Record<string, number>;

export interface Bench {
  name: string;
  title: string;
  figures: FigureSpec[];
  /** Runs that the median is taken of; 3 where it does not say. */
  runs?: number;
  /** True = only with --long. */
  long?: boolean;
  run(context: BenchContext): Promise<Measurement>;
}

export interface BenchContext {
  quick: boolean;
  long: boolean;
  /** Where the server's .cpuprofile files go; absent = no profile. */
  profileFolder?: string;
  /** A fresh folder on disk that is removed after the run. */
  folder: string;
  note(text: string): void;
}

export interface FigureResult {
  title: string;
  unit: string;
  goal: Goal;
  median: number;
  all: number[];
  beside: string;
  /** Undefined where there is no goal. */
  ok: boolean | undefined;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which this share (0 to 1) of the values lies. Sorts in place. */
export function percentile(values: number[] | Float64Array, share: number): number {
  if (values.length === 0) return NaN;
  const sorted = Array.isArray(values) ? values.sort((a, b) => a - b) : values.sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export function judge(spec: FigureSpec, runs: Measurement[]): FigureResult {
  const all = runs.map((run) => run[spec.key] ?? NaN);
  const value = median(all);
  const middle = runs.reduce((best, run) =>
    Math.abs((run[spec.key] ?? NaN) - value) < Math.abs((best[spec.key] ?? NaN) - value) ? run : best,
  );
  const goal = { atLeast: spec.atLeast, atMost: spec.atMost };
  const hasGoal = spec.atLeast !== undefined || spec.atMost !== undefined;
  const ok = hasGoal ? value >= (spec.atLeast ?? -Infinity) && value <= (spec.atMost ?? Infinity) : undefined;
  return { title: spec.title, unit: spec.unit, goal, median: value, all, beside: spec.beside?.(middle) ?? '', ok };
}

export function readable(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
