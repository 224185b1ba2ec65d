import type { Outlet } from '../reading/outlet';
import { EventAnswers } from '../reading/reading-context';
import type { UuidForm } from '../wire/uuid';
import { WireMessage } from '../wire/wire-message';
import type { GroupItem } from './group-item';

/** Of persistent.proto: ReadResp. */
const ANSWER = { event: 1, confirmation: 2 } as const;

interface Sent {
  item: GroupItem;
  /** When it counts as not acknowledged; ms. */
  until: number;
}

/** One connected consumer, with what it has in work. */
export class Consumer {
  readonly inFlight = new Map<string, Sent>();
  sent = 0;
  private readonly answers: EventAnswers;

  constructor(
    private readonly outlet: Outlet,
    readonly bufferSize: number,
    form: UuidForm,
    readonly connectionName: string,
    /** Ends its call with an error. */
    readonly drop: (error: Error) => void,
  ) {
    this.answers = new EventAnswers(form);
  }

  get free(): number {
    return this.bufferSize - this.inFlight.size;
  }

  confirm(subscriptionId: string): void {
    void this.outlet.write(
      new WireMessage().message(ANSWER.confirmation, new WireMessage().text(1, subscriptionId)).encoded(),
    );
  }

  /** What is written is bounded by the buffer size, so nothing waits for the reader here. */
  send(item: GroupItem, until: number): void {
    this.inFlight.set(item.key, { item, until });
    this.sent++;
    const event = new WireMessage(512).message(1, this.answers.recordedOf(item.event));
    if (item.link) event.message(2, this.answers.recordedOf(item.link));
    event.uint(3, item.event.position).uint(5, item.retries);
    void this.outlet.write(new WireMessage(512).message(ANSWER.event, event).encoded());
  }

  take(key: string): GroupItem | undefined {
    const sent = this.inFlight.get(key);
    this.inFlight.delete(key);
    return sent?.item;
  }

  /** Takes back what was not acknowledged in time. */
  overdue(now: number): GroupItem[] {
    const late = [...this.inFlight.values()].filter(({ until }) => until <= now).map(({ item }) => item);
    for (const { key } of late) this.inFlight.delete(key);
    return late;
  }

  takeAll(): GroupItem[] {
    const items = [...this.inFlight.values()].map(({ item }) => item);
    this.inFlight.clear();
    return items;
  }
}
