/** The program that makes load, a process of its own so that its work is not counted as the server's. */
import { percentile } from '../figure';
import { ChangeListener } from './change-listener';
import { Connection, type Answer } from './connection';
import type { LoadMessage, LoadPlan, LoadResult, Spread } from './load-plan';
import { RequestWriter, type BuiltRequest } from './request-pool';

/** Built requests of each connection: enough that the server cannot live off one warm body. */
const REQUESTS_PER_CONNECTION = 8;
/** Single touchpoints are small, so more of them. */
const SINGLES_PER_CONNECTION = 32;
/** When a patient sender tries again. */
const REFUSED_AGAIN_MS = 20;
/** How long to wait for the last changes after the last answer. */
const CHANGES_AWAITED_MS = 3_000;

class Load {
  private readonly writer: RequestWriter;
  private readonly latencies: number[] = [];
  private readonly changes: number[] = [];
  private readonly sentFresh = new Map<number, number>();
  private awaited = 0;
  private left: number;
  private readonly counts = { requests: 0, accepted: 0, rejected: 0, refused: 0, odd: 0 };
  private oddExample: string | undefined;
  private lastPosition = 0;
  private fail: (error: Error) => void = () => undefined;

  constructor(private readonly plan: LoadPlan) {
    this.writer = new RequestWriter(plan);
    this.left = Math.ceil(plan.total / plan.batch);
  }

  async run(): Promise<LoadResult> {
    const lost = new Promise<never>((_, reject) => (this.fail = reject));
    const opening = Array.from({ length: this.plan.connections }, () =>
      Connection.open(this.plan.port, (error) => this.fail(error)),
    );
    const connections = await Promise.all(opening);
    const listener = this.plan.listen ? await ChangeListener.open(this.plan.port, (c) => this.changed(c)) : undefined;
    const requests = connections.map(() => this.buildRequests());
    const cpu = process.cpuUsage();
    const started = performance.now();
    const sending =
      this.plan.perSecond === undefined ? this.closed(connections, requests) : this.open(connections, requests);
    await Promise.race([sending, lost]);
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    if (listener !== undefined) await this.lastChanges();
    listener?.close();
    connections.forEach((connection) => connection.close());
    return this.result(seconds, (used.user + used.system) / 1e6);
  }

  private buildRequests(): BuiltRequest[] {
    const count = this.plan.batch === 1 ? SINGLES_PER_CONNECTION : REQUESTS_PER_CONNECTION;
    return Array.from({ length: count }, () => this.writer.build());
  }

  /** Each connection sends its next request as soon as the one before is answered. */
  private async closed(connections: Connection[], requests: BuiltRequest[][]): Promise<void> {
    const loops = connections.map(
      (connection, i) =>
        new Promise<void>((resolve) => {
          let turn = 0;
          const own = requests[i]!;
          const next = () => {
            if (this.left === 0) return resolve();
            this.left -= 1;
            this.send(connection, own[turn++ % own.length]!, performance.now(), next);
          };
          next();
        }),
    );
    await Promise.all(loops);
  }

  /**
   * Requests fall due at their times, answered or not. One that waits for a free connection counts from when it fell due; only
   * the timer's own lateness (about a millisecond) is left out, for it is the generator's.
   */
  private open(connections: Connection[], requests: BuiltRequest[][]): Promise<void> {
    const gap = (1000 * this.plan.batch) / this.plan.perSecond!;
    const free = connections.map((connection, i) => ({ connection, own: requests[i]!, turn: 0 }));
    const due: number[] = [];
    let next = performance.now();
    let flying = 0;
    return new Promise((resolve) => {
      const drain = () => {
        while (due.length > 0 && free.length > 0) {
          const lane = free.shift()!;
          flying += 1;
          this.send(lane.connection, lane.own[lane.turn++ % lane.own.length]!, due.shift()!, () => {
            flying -= 1;
            free.push(lane);
            drain();
            if (this.left === 0 && flying === 0 && due.length === 0) resolve();
          });
        }
      };
      const tick = () => {
        const now = performance.now();
        for (; this.left > 0 && next <= now; next += gap) {
          this.left -= 1;
          due.push(now);
        }
        drain();
        if (this.left > 0) setTimeout(tick, Math.max(0, next - performance.now()));
      };
      tick();
    });
  }

  private send(connection: Connection, request: BuiltRequest, due: number, done: () => void): void {
    const noted = this.plan.listen ? (customer: number) => this.sentFresh.set(customer, performance.now()) : undefined;
    this.writer.renew(request, noted);
    this.put(connection, request, due, done);
  }

  private put(connection: Connection, request: BuiltRequest, due: number, done: () => void): void {
    connection.send(request.bytes, (answer) => {
      if (this.plan.patient === true && isRefusal(answer)) {
        this.counts.refused += 1;
        setTimeout(() => this.put(connection, request, due, done), REFUSED_AGAIN_MS);
        return;
      }
      this.latencies.push(performance.now() - due);
      this.count(answer);
      done();
    });
  }

  private count(answer: Answer): void {
    this.counts.requests += 1;
    if (isRefusal(answer)) this.counts.refused += 1;
    else if (answer.status !== 200) {
      this.counts.odd += 1;
      this.oddExample ??= `${answer.status} ${answer.body}`;
    }
    this.counts.accepted += Number(/"accepted":(\d+)/.exec(answer.body)?.[1] ?? 0);
    this.counts.rejected += Number(/"rejected":(\d+)/.exec(answer.body)?.[1] ?? 0);
    this.lastPosition = Math.max(this.lastPosition, Number(/"position":(\d+)/.exec(answer.body)?.[1] ?? 0));
  }

  private changed(customer: number): void {
    const sent = this.sentFresh.get(customer);
    if (sent === undefined) return;
    this.sentFresh.delete(customer);
    this.changes.push(performance.now() - sent);
  }

  private async lastChanges(): Promise<void> {
    this.awaited = this.changes.length + this.sentFresh.size;
    const until = performance.now() + CHANGES_AWAITED_MS;
    while (this.sentFresh.size > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private result(seconds: number, cpuSeconds: number): LoadResult {
    const change = { ...spread(this.changes), seen: this.changes.length, awaited: this.awaited };
    return {
      seconds,
      ...this.counts,
      oddExample: this.oddExample,
      lastPosition: this.lastPosition,
      latency: spread(this.latencies),
      change: this.plan.listen ? change : undefined,
      cpuSeconds,
    };
  }
}

function isRefusal({ status }: Answer): boolean {
  return status === 429 || status === 503;
}

function spread(values: number[]): Spread {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99), max: percentile(values, 1) };
}

function tell(message: LoadMessage): void {
  process.send?.(message);
}

// The parent is gone, or has what it wanted.
process.once('disconnect', () => process.exit());
process.once('message', (plan: LoadPlan) => {
  new Load(plan)
    .run()
    .then((result) => tell({ kind: 'done', result }))
    .catch((error: Error) => tell({ kind: 'failed', message: error.message }))
    .finally(() => process.disconnect());
});
