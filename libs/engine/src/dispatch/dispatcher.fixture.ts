/** A dispatcher over a log in memory, a clock that stands still and a channel that answers what the spec says. */
import type { ActionRequested } from '@rapport/journey';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered } from '../channels/channel.types';
import type { RenderedMessage } from './action-events';
import { Dispatcher } from './dispatcher';
import type { EffectsMode } from './instance.types';
import { MemoryLog, PARTITIONS, START } from './memory-log.fixture';
import type { OpenAction } from './open-action';
import { SuppressedAddresses } from './suppressed-addresses';

const FAKE_SPEC: ChannelSpec = {
  name: 'fake',
  inDoubt: 'retry',
  attemptsMax: 4,
  backoffBaseMs: 1_000,
  backoffMaxMs: 60_000,
  timeoutMs: 50,
  concurrency: 4,
  perSecond: 1_000,
  reachesCustomer: true,
};

export class FakeChannel implements Channel {
  readonly spec: ChannelSpec;
  readonly ownSandbox = false;
  readonly attempts: Attempt[] = [];
  answer: (attempt: Attempt) => Attempted | Promise<Attempted> = () => ({ result: 'delivered', detail: '200' });

  constructor(spec: Partial<ChannelSpec> = {}) {
    this.spec = { ...FAKE_SPEC, ...spec };
  }

  destinationOf(request: { what: string }): string {
    return request.what;
  }

  render(): Promise<Rendered> {
    throw new Error('the spec renders');
  }

  attempt(attempt: Attempt): Promise<Attempted> {
    this.attempts.push(attempt);
    return Promise.resolve(this.answer(attempt));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class DispatchUnderTest {
  time = START;
  mode: EffectsMode = 'live';
  renders = 0;
  /** Log position that the read models show. */
  shown = Infinity;
  readonly outbox: RenderedMessage[] = [];
  readonly failures: Error[] = [];
  readonly addresses = new Map<string, string>();
  /** Customers whose personal parts are gone. */
  readonly erased = new Set<string>();
  log: MemoryLog;
  dispatcher!: Dispatcher;

  constructor(readonly channels: FakeChannel[] = [new FakeChannel()]) {
    this.log = new MemoryLog(() => this.time);
    this.start();
  }

  /** As a new process would: everything from the log. */
  start(): void {
    const { log } = this;
    this.dispatcher = new Dispatcher(PARTITIONS, {
      append: (requests) => log.append(requests),
      channels: new Map(this.channels.map((channel) => [channel.spec.name, channel])),
      logged: {
        requestOf: (action) => this.log.logged.requestOf(action),
        messageOf: (action) => (this.erased.has(action.customerId) ? null : this.log.logged.messageOf(action)),
      },
      render: (action, request) => this.render(action, request),
      shownUpTo: () => this.shown,
      addressOf: (customerId) => ({ address: this.addresses.get(customerId) ?? null }),
      effects: () => ({ modeOf: () => this.mode, unarmed: null }),
      outbox: { put: (_request, _customer, message) => void this.outbox.push(message) },
      suppressed: this.suppressed(),
      sent: () => undefined,
      now: () => this.time,
      random: () => 0.5,
      wake: () => undefined,
      failed: (error) => void this.failures.push(error),
    });
    const { dispatcher } = this;
    for (let partition = 0; partition < PARTITIONS; partition++) this.recoverPartition(partition);
    this.log.onChunk = (chunk) => dispatcher.fold(chunk);
    dispatcher.begin();
  }

  /** Runs until nothing more can happen at this moment. */
  async settle(): Promise<void> {
    this.dispatcher.pump();
    for (let i = 0; i < 10; i++) await this.dispatcher.quiet();
  }

  async at(ms: number): Promise<void> {
    this.time = START + ms;
    await this.settle();
  }

  private recoverPartition(partition: number): void {
    const own = `-0${partition}`;
    const { dispatcher } = this;
    for (const chunk of this.log.chunks) {
      if (chunk.stream === `actions${own}`) dispatcher.foldOwn(partition, chunk);
      else if (chunk.stream.endsWith(own)) dispatcher.fold(chunk);
    }
  }

  private suppressed(): SuppressedAddresses {
    const suppressed = new SuppressedAddresses(Buffer.alloc(16, 1));
    for (const chunk of this.log.chunks) suppressed.fold(chunk);
    return suppressed;
  }

  private render(action: OpenAction, request: ActionRequested): Promise<Rendered> {
    if (request.template === 'throws') return Promise.reject(new Error('the spec says so'));
    this.renders++;
    const to = this.addresses.get(action.customerId) ?? `${action.customerId}@example.org`;
    const message = { to, bytes: `${action.request.what} ${this.renders}` };
    return Promise.resolve({ ok: true, destination: 'example.org', message });
  }
}
