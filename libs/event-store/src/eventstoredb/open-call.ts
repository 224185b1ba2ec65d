import { setImmediate as turn } from 'node:timers/promises';

import type { ResolvedEvent } from '@eventstore/db-client';

import type { Lease } from './client-pool';
import { within } from './time-limit';

/** A read or a subscription of the client, which are Node's streams of objects. */
export type ClientCall = {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  /** The next buffered event, or null. */
  read(): unknown;
  readonly readableLength: number;
} & ({ cancel(): Promise<void> } | { unsubscribe(): Promise<void> });

/** Said between two events: not an event of the log. */
export type Mark = { mark: 'caughtUp' } | { mark: 'checkpoint'; commit: bigint; prepare: bigint };
export type CallItem = ResolvedEvent | Mark;

export type Taken = { items: CallItem[] } | 'ended' | 'silent';

/** How long the end of a call may take to reach the server, in ms. */
const CANCEL_MS_MAX = 1_000;

/**
 * One call under way, read at the pace of who takes: the client stops the server by flow control when its few buffered events are not taken.
 * Ends only by `end`: leaving a loop over the client's own stream would leave the call open on the server.
 */
export class OpenCall {
  /** The server has answered that the subscription stands. */
  confirmed = false;
  private readonly marks: { at: number; mark: Mark }[] = [];
  private taken = 0;
  private over = false;
  private error: Error | undefined;
  private wake: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: ClientCall,
    private readonly lease: Lease,
    /** The server ends the call by itself after so many events. */
    private readonly countMax = Infinity,
  ) {
    // The listener for errors stays for good: the client emits some after the end, and one that nobody hears ends the process.
    call.on('error', (error) => {
      this.error ??= error instanceof Error ? error : new Error(String(error));
      this.wake();
    });
    for (const event of ['readable', 'end', 'close'] as const) {
      call.on(event, () => {
        if (event !== 'readable') this.over = true;
        this.wake();
      });
    }
    call.on('confirmation', () => (this.confirmed = true));
    call.on('caughtUp', () => this.mark({ mark: 'caughtUp' }));
  }

  /** Notes something that was said behind the events which are buffered at this moment. */
  mark(mark: Mark): void {
    this.marks.push({ at: this.taken + this.call.readableLength, mark });
    this.wake();
  }

  /** What has come, in order; waits for the first of it, at most so many ms. Throws the call's error once everything before it is taken. */
  async take(waitMs: number): Promise<Taken> {
    const until = performance.now() + waitMs;
    for (;;) {
      const items = this.buffered();
      if (items.length > 0) return { items };
      if (this.error !== undefined) throw this.error;
      if (this.over) return 'ended';
      const left = until - performance.now();
      if (left <= 0) return 'silent';
      await this.woken(left);
      // What else comes in this turn is taken along: to be woken for each event costs more than to receive it.
      await turn();
    }
  }

  /** Ends the call on the server too, and gives its place back. A call that hangs takes its client with it. */
  async end(hangs = false): Promise<void> {
    const ended = this.over || this.taken >= this.countMax;
    this.over = true;
    clearTimeout(this.timer);
    this.wake();
    if (ended && !hangs) return this.lease.release();
    const cancelled = 'cancel' in this.call ? this.call.cancel() : this.call.unsubscribe();
    // It rejects where the call could not even be opened: then there is nothing to end, and whoever took from it was told why.
    await within(
      cancelled.catch(() => undefined),
      CANCEL_MS_MAX,
    );
    if (hangs) this.lease.condemn();
    else this.lease.release();
  }

  private buffered(): CallItem[] {
    const items: CallItem[] = [];
    for (;;) {
      while (this.marks[0] !== undefined && this.marks[0].at <= this.taken) items.push(this.marks.shift()!.mark);
      const event = this.call.read() as ResolvedEvent | null;
      if (event === null) return items;
      this.taken++;
      items.push(event);
    }
  }

  /** One timer for all waits: making a new one for each costs as much as an event. */
  private async woken(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (this.timer) this.timer.refresh();
      else this.timer = setTimeout(() => this.wake(), ms);
    });
    this.wake = () => undefined;
  }
}
