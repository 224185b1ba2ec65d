/** A dispatcher over a real store: recovers, follows the log, keeps the clock, and says how it stands. */
import type { Chunk, LogClient, LogFeed, LogReader } from '@rapport/event-store';
import type { ReadModelQueries } from '@rapport/read-models';
import { makeChannels } from '../channels/registry';
import type { DispatchOptions, FromDispatch } from '../embedded/dispatch-protocol';
import { sealedLinksOf } from '../links/link-secret';
import { causeAtOf } from './cause-view';
import { Dispatcher } from './dispatcher';
import { addressesOf, customerAtOf, playTextsOf } from './dispatch-views';
import { Effects, effectsNow } from './effects';
import { wholeStream } from './effects-in-log';
import { armInstance, placeOf, readInstance, SentUpTo, unarmedBecause } from './instance';
import { EFFECTS_STREAM, type EffectsNow } from './instance.types';
import { loggedActions } from './logged-action';
import { makeMessage, type MessageSources } from './message-maker';
import { recover } from './recover';
import { OutboxFolder } from './sandbox-outbox';
import { SUPPRESSIONS_STREAM, SuppressedAddresses } from './suppressed-addresses';

export interface HostParts {
  folder: string;
  log: LogReader;
  models: ReadModelQueries;
  client: LogClient;
  options: DispatchOptions;
  post: (message: FromDispatch) => void;
}

/** Where there is nothing to do, it is looked at this often all the same: moments may be far off, and clocks are set. */
const LOOK_MS_MAX = 30_000;
const STATUS_MS = 250;
const CATCH_UP_BYTES = 4 * 1024 * 1024;
const FOLLOWED = ['journey-', 'touchpoints-', EFFECTS_STREAM];

export class DispatchHost {
  private readonly effects = new Effects();
  private readonly suppressed: SuppressedAddresses;
  private readonly channels: ReturnType<typeof makeChannels>;
  private readonly sent: SentUpTo;
  private readonly dispatcher: Dispatcher;
  private now_: EffectsNow = effectsNow(this.effects.set, 'noInstanceFile');
  private timer: NodeJS.Timeout | null = null;
  private status: NodeJS.Timeout | null = null;
  private feed: LogFeed | null = null;
  private position = 0;

  private constructor(private readonly parts: HostParts) {
    const { folder, log, models, client, options, post } = parts;
    const { hashKey, partitions } = log.meta();
    this.suppressed = new SuppressedAddresses(hashKey);
    this.sent = new SentUpTo(folder);
    this.channels = makeChannels(options.channels, (entry) => post({ kind: 'log', entry }));
    const links = sealedLinksOf(folder, options);
    const customerAt = customerAtOf(models);
    const texts = playTextsOf(log);
    const causeAt = causeAtOf({ log, models, compiled: (version) => texts.compiled(version) });
    const sources: MessageSources = { customerAt, causeAt, texts, links, now: Date.now };
    this.dispatcher = new Dispatcher(partitions, {
      append: (requests) => client.append(requests, true),
      channels: this.channels,
      logged: loggedActions(log),
      render: ({ customerId, position }, request) => {
        const mode = this.now_.modeOf(request.channel);
        const channel = this.channels.get(request.channel)!;
        return makeMessage({ request, customerId, position }, channel, mode === 'live' ? 'live' : 'sandbox', sources);
      },
      shownUpTo: () => models.checkpoint()?.position ?? 0,
      addressOf: addressesOf(customerAt),
      effects: () => this.now_,
      outbox: new OutboxFolder(folder),
      suppressed: this.suppressed,
      sent: (position) => this.sent.sent(position, Date.now()),
      now: Date.now,
      random: Math.random,
      wake: () => this.wake(),
      failed: (error) => post({ kind: 'failed', message: error.message }),
    });
  }

  static async start(parts: HostParts): Promise<DispatchHost> {
    const host = new DispatchHost(parts);
    await host.open();
    return host;
  }

  async stop(): Promise<void> {
    this.feed?.stop();
    if (this.status) clearInterval(this.status);
    await this.dispatcher.stop();
    if (this.timer) clearTimeout(this.timer);
    for (const channel of this.channels.values()) await channel.close();
    this.sent.save(Date.now());
    this.report();
  }

  private async open(): Promise<void> {
    const { folder, log, client } = this.parts;
    for (const chunk of wholeStream(log, EFFECTS_STREAM)) this.effects.fold(chunk);
    for (const chunk of wholeStream(log, SUPPRESSIONS_STREAM)) this.suppressed.fold(chunk);
    // A new store arms itself, in the sandbox. One that was armed before is armed again by hand alone.
    if (this.effects.armed === null && readInstance(folder) === null) {
      await armInstance(folder, 'rapport', Date.now(), (requests) => client.append(requests));
      for (const chunk of wholeStream(log, EFFECTS_STREAM)) this.effects.fold(chunk);
    }
    this.judge();
    this.position = recover(log, this.dispatcher);
    this.dispatcher.begin();
    this.feed = client.startFeed(this.position, {
      streamPrefixes: FOLLOWED,
      onChunks: (chunks) => this.take(chunks),
      onBehind: (head) => this.catchUp(head.position),
    });
    this.status = setInterval(() => this.report(), STATUS_MS);
    this.report();
  }

  private take(chunks: Chunk[]): void {
    for (const chunk of chunks) {
      this.position = Math.max(this.position, chunk.firstPosition + chunk.count - 1);
      if (chunk.stream === EFFECTS_STREAM) this.takeEffects(chunk);
      else this.dispatcher.fold(chunk);
    }
    this.dispatcher.pump();
  }

  private takeEffects(chunk: Chunk): void {
    this.effects.fold(chunk);
    this.judge();
    this.dispatcher.release();
    this.report();
  }

  /** Whether this is the instance that is armed. The log is as long as it ever was while it runs: only a start can find it shorter. */
  private judge(): void {
    const { folder, log } = this.parts;
    const unarmed = unarmedBecause(readInstance(folder), this.effects.armed, placeOf(folder), log.head().position);
    this.now_ = effectsNow(this.effects.set, unarmed);
  }

  private catchUp(head: number): void {
    while (this.position < head) {
      const chunks = this.parts.log.chunks(this.position, CATCH_UP_BYTES, { streamPrefixes: FOLLOWED });
      if (chunks.length === 0) this.position = head;
      else this.take(chunks);
    }
    this.feed!.resume(this.position);
  }

  private wake(): void {
    if (this.timer) clearTimeout(this.timer);
    const wait = Math.min(LOOK_MS_MAX, Math.max(0, this.dispatcher.nextWake() - Date.now()));
    this.timer = setTimeout(() => this.dispatcher.pump(), wait);
  }

  private report(): void {
    const { partitions, underWay } = this.dispatcher;
    const open = partitions.reduce((sum, own) => sum + own.open.size, 0);
    const { position, effects, now_ } = this;
    const pausedChannels = [...new Set(partitions.flatMap((own) => [...own.pausedChannels]))].sort();
    const status = { effects: effects.set, unarmed: now_.unarmed, open, underWay, pausedChannels, position };
    this.parts.post({ kind: 'status', status });
  }
}
