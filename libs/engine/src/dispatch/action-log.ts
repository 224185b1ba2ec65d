/**
 * Writes `actions-<pp>` at the exact revision, and outcomes into `touchpoints-<pp>`. What comes while an append is under way goes
 * with the next one: many attempts share an fsync.
 */
import { type AppendRequest, type AppendResult, EventPacker, type NewEvent } from '@rapport/event-store';
import { type ActionOutcome, encodeTouchpoint } from '@rapport/journey';
import { EVENT } from '../loop/control-events';
import { actionStream, touchpointStream } from '../partition';
import { outcomeEventId, outcomeTouchpoint } from './outcome-touchpoint';
import { untilStored } from '../until-stored';

/** Somebody else has written a stream of this dispatcher: it must not send any more. */
export class DispatchFenced extends Error {
  constructor(stream: string, actual: number, expected: number) {
    super(
      `${stream} is at revision ${actual}, not ${expected}: another dispatcher writes it. This one has stopped; open the store in one process only`,
    );
  }
}

export interface Written {
  position: number;
  revision: number;
}

interface Waiting {
  place: number;
  done: (written: Written) => void;
  failed: (error: Error) => void;
}

class PartitionWrites {
  readonly actions = new EventPacker();
  readonly outcomes = new EventPacker();
  waiting: Waiting[] = [];
  /** Revision of the last event that is written or on its way. */
  revision = -1;
}

export class ActionLog {
  private readonly partitions: PartitionWrites[];
  private appending: Promise<void> | null = null;
  private failure: Error | null = null;
  private sent: Waiting[] = [];
  private others: AppendRequest[] = [];

  constructor(
    partitions: number,
    private readonly append: (requests: AppendRequest[]) => Promise<AppendResult[]>,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.partitions = Array.from({ length: partitions }, () => new PartitionWrites());
  }

  /** The stream ends at this revision; -1 = it is empty. */
  resume(partition: number, revision: number): void {
    this.partitions[partition]!.revision = revision;
  }

  /** Revision that the next event written gets. */
  nextRevision(partition: number): number {
    const own = this.partitions[partition]!;
    return own.revision + own.actions.count + 1;
  }

  /** Resolves with the place of the first event when all of them are on disk. Rejects where this dispatcher is fenced off. */
  write(partition: number, events: NewEvent[]): Promise<Written> {
    if (this.failure) return Promise.reject(this.failure);
    const own = this.partitions[partition]!;
    const place = own.actions.count;
    for (const event of events) own.actions.add(event);
    return new Promise((done, failed) => {
      own.waiting.push({ place, done, failed });
      this.start();
    });
  }

  /** Goes with the next append; comes back through the log, which is how the dispatcher knows that it is there. */
  outcome(partition: number, outcome: ActionOutcome): void {
    const touchpoint = outcomeTouchpoint(outcome);
    const { data } = encodeTouchpoint(touchpoint);
    const { occurredAt, customerId } = touchpoint;
    const packer = this.partitions[partition]!.outcomes;
    packer.addText(EVENT.touchpointRecorded, outcomeEventId(outcome), occurredAt, customerId, data);
    this.start();
  }

  /** Of another stream: goes with the next append. */
  also(request: AppendRequest): void {
    this.others.push(request);
    this.start();
  }

  /** Resolves when nothing is on its way. */
  async quiet(): Promise<void> {
    while (this.appending) await this.appending;
  }

  private start(): void {
    if (this.appending || this.failure) return;
    this.appending = new Promise<void>((turn) => setImmediate(turn))
      .then(() => this.send())
      .catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))))
      .then(() => {
        this.appending = null;
        const more = this.partitions.some((own) => own.actions.count + own.outcomes.count > 0);
        if (more || this.others.length > 0) this.start();
      });
  }

  private async send(): Promise<void> {
    const requests = this.others.splice(0);
    const answers: ((result: AppendResult) => void)[] = requests.map(() => () => undefined);
    this.sent = this.partitions.flatMap((own) => own.waiting);
    this.partitions.forEach((own, partition) => {
      if (own.actions.count > 0) {
        requests.push(actionRequest(own, partition));
        answers.push(placing(own.waiting));
        own.waiting = [];
      }
      if (own.outcomes.count === 0) return;
      requests.push({ stream: touchpointStream(partition), expected: 'any', events: own.outcomes.take() });
      answers.push(() => undefined);
    });
    const results = await untilStored(this.append, requests, fenced);
    results.forEach((result, i) => answers[i]!(result));
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    for (const waiting of this.sent) waiting.failed(error);
    for (const own of this.partitions) for (const waiting of own.waiting.splice(0)) waiting.failed(error);
    this.onFailure(error);
  }
}

function actionRequest(own: PartitionWrites, partition: number): AppendRequest {
  const expected = own.revision === -1 ? ('noStream' as const) : { revision: own.revision };
  own.revision += own.actions.count;
  return { stream: actionStream(partition), expected, events: own.actions.take() };
}

function placing(waiting: Waiting[]): (result: AppendResult) => void {
  return (result) => {
    if (!result.ok) return;
    for (const { place, done } of waiting) {
      done({ position: result.firstPosition + place, revision: result.firstRevision + place });
    }
  };
}

function fenced(request: AppendRequest, actual: number): DispatchFenced {
  const { expected } = request;
  return new DispatchFenced(request.stream, actual, typeof expected === 'object' ? expected.revision : -1);
}
