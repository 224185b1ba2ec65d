/** One attempt of one action, from the rendering to what is written of its end. */
import type { NewEvent } from '@rapport/event-store';
import { carrierOf } from '@rapport/journey';
import { createHash } from 'node:crypto';
import type { Attempted, Channel, Rendered } from '../channels/channel.types';
import { BEHIND_MS } from './awaiting-models';
import { ACTION_EVENT, type ActionRendered, type AttemptStarted, type RenderedMessage } from './action-events';
import { actionEvent } from './action-event';
import type { Dispatcher } from './dispatcher';
import { followUp } from './follow-up';
import type { EffectsMode } from './instance.types';
import type { OpenAction } from './open-action';

/** A channel that does not keep its own time limit is given up on this long after it. */
const OVERTIME_MS = 1_000;

/** `failed`: the destination did not answer as one that works; null = it was not asked. */
export interface AttemptRunEnd {
  failed: boolean | null;
  retryAfterMs: number;
}

const NO_MESSAGE: RenderedMessage = { to: '', bytes: '' };
const NOT_ASKED: AttemptRunEnd = { failed: null, retryAfterMs: 0 };

export class AttemptRun {
  private readonly channel: Channel;
  /** What is sent, as the log holds it. */
  private message: RenderedMessage = NO_MESSAGE;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly action: OpenAction,
  ) {
    this.channel = dispatcher.channelOf(action)!;
  }

  async attempt(): Promise<AttemptRunEnd> {
    const { action } = this;
    const { logged } = this.dispatcher.ports;
    const rendering: NewEvent[] = [];
    if (action.rendered === null) {
      const rendered = await this.render();
      if (rendered === 'behind') return NOT_ASKED;
      if (!rendered.ok) return this.notRendered(rendered.reason);
      this.message = rendered.message;
      if (this.isSuppressed()) return this.withdraw('suppressedAddress');
      rendering.push(this.rendered(rendered.destination));
    } else {
      const message = logged.messageOf(action);
      if (!message) return this.withdraw('erased');
      this.message = message;
      if (this.isSuppressed()) return this.withdraw('suppressedAddress');
    }
    await this.started(rendering);
    return this.carryOut();
  }

  private async render(): Promise<Rendered | 'behind'> {
    const { action } = this;
    const { ports } = this.dispatcher;
    const rendered = await ports.render(action, ports.logged.requestOf(action)).catch(notRendered);
    if (rendered !== 'behind') return rendered;
    action.nextAt = ports.now() + BEHIND_MS;
    this.dispatcher.wakeAt(action.nextAt, action);
    return rendered;
  }

  /** The last run ended in the middle of it: whether it arrived is not known. */
  async leftUnderWay(): Promise<AttemptRunEnd> {
    await this.ended({ result: 'inDoubt', detail: 'no end of this attempt was written down' }, false);
    return NOT_ASKED;
  }

  /** Nobody is asked, so that its place is free while this is written down: thousands without an address share an append. */
  private notRendered(reason: 'noAddress' | 'templateFailed' | 'erased'): AttemptRunEnd {
    if (!this.channel.spec.reachesCustomer) this.action.queued = true;
    else this.dispatcher.endBeside(this.action, reason === 'erased' ? 'withdrawn' : 'failed', reason);
    return NOT_ASKED;
  }

  private isSuppressed(): boolean {
    const { reachesCustomer, name } = this.channel.spec;
    return reachesCustomer && this.dispatcher.ports.suppressed.has(carrierOf(name), this.message.to);
  }

  private withdraw(reason: 'suppressedAddress' | 'erased'): AttemptRunEnd {
    if (!this.channel.spec.reachesCustomer) this.action.queued = true;
    else this.dispatcher.endBeside(this.action, 'withdrawn', reason);
    return NOT_ASKED;
  }

  /** What is sent is what is stored here, however often it is tried. */
  private rendered(destination: string): NewEvent {
    const { action, message } = this;
    const data: ActionRendered = {
      action: action.request.action,
      channel: action.request.channel,
      request: action.position,
      templateVersion: action.request.playVersion,
      destination,
      digest: createHash('sha256').update(message.bytes).digest('hex'),
    };
    action.rendered = this.dispatcher.log.nextRevision(action.partition);
    return actionEvent(ACTION_EVENT.actionRendered, this.dispatcher.ports.now(), action.customerId, data, message);
  }

  private async started(before: NewEvent[]): Promise<void> {
    const { action, dispatcher } = this;
    const at = dispatcher.ports.now();
    action.attempts++;
    action.started = true;
    const started: AttemptStarted = { action: action.request.action, attempt: action.attempts, at };
    const event = actionEvent(ACTION_EVENT.attemptStarted, at, action.customerId, started);
    dispatcher.written(action.partition, before.length + 1);
    const { position } = await dispatcher.log.write(action.partition, [...before, event]);
    dispatcher.ports.sent(position + before.length);
  }

  /** Asked once more: what came while the start was written counts too. */
  private async carryOut(): Promise<AttemptRunEnd> {
    const { action, dispatcher } = this;
    const { ports } = dispatcher;
    const mode = ports.effects().modeOf(action.request.channel);
    const held = action.settled !== null || dispatcher.verdict(action, ports.now()).do !== 'send';
    if (mode === 'off' || held || this.isSuppressed()) {
      await this.ended({ result: 'retry', detail: 'held back before it began' }, false);
      return NOT_ASKED;
    }
    const attempted = await this.send(mode);
    await this.ended(attempted, mode === 'sandbox');
    return {
      failed: attempted.result === 'retry' || attempted.result === 'inDoubt',
      retryAfterMs: attempted.result === 'retry' ? (attempted.retryAfterMs ?? 0) : 0,
    };
  }

  private send(mode: Exclude<EffectsMode, 'off'>): Promise<Attempted> {
    const { action, channel, message } = this;
    if (mode === 'sandbox' && !channel.ownSandbox) return Promise.resolve(this.toOutbox(message));
    const aborted = new AbortController();
    const { timeoutMs } = channel.spec;
    const attempt = { action: action.request.action, attempt: action.attempts, message, mode, signal: aborted.signal };
    return new Promise((resolve) => {
      const abort = setTimeout(() => aborted.abort(), timeoutMs);
      const giveUp = setTimeout(
        () => resolve({ result: 'inDoubt', detail: `no answer within ${timeoutMs} ms` }),
        timeoutMs + OVERTIME_MS,
      );
      void channel
        .attempt(attempt)
        .catch((error: unknown): Attempted => ({ result: 'inDoubt', detail: `channel failed: ${nameOf(error)}` }))
        .then((attempted) => {
          clearTimeout(abort);
          clearTimeout(giveUp);
          resolve(attempted);
        });
    });
  }

  private toOutbox(message: RenderedMessage): Attempted {
    const { ports } = this.dispatcher;
    try {
      ports.outbox.put(this.action.request, this.action.customerId, message, ports.now());
      return { result: 'delivered', detail: 'sandbox' };
    } catch (error) {
      return { result: 'retry', detail: `the outbox cannot be written: ${nameOf(error)}` };
    }
  }

  private async ended(attempted: Attempted, sandbox: boolean): Promise<void> {
    const { action, dispatcher, channel } = this;
    const { ports } = dispatcher;
    const at = ports.now();
    const { attempt, ended } = followUp(action, channel.spec, { attempted, at, random: ports.random(), sandbox });
    action.started = false;
    if (attempt.nextAt !== undefined) action.nextAt = attempt.nextAt;
    if (attempt.nextAt !== undefined) dispatcher.wakeAt(attempt.nextAt, action);
    else if (!ended) action.queued = true;
    if (attempted.result === 'inDoubt') action.doubt = true;
    action.ended = ended;
    const events = [actionEvent(ACTION_EVENT.attemptEnded, at, action.customerId, attempt)];
    if (ended) events.push(actionEvent(ACTION_EVENT.actionEnded, at, action.customerId, ended));
    dispatcher.written(action.partition, events.length);
    this.suppressDead(attempted, at);
    await dispatcher.log.write(action.partition, events);
    if (ended) dispatcher.sendOutcome(action);
  }

  /** The destination itself is dead: nobody is written to there again. */
  private suppressDead(attempted: Attempted, at: number): void {
    if (attempted.result !== 'failed' || !attempted.address) return;
    const { suppressed } = this.dispatcher.ports;
    const request = suppressed.suppress(carrierOf(this.channel.spec.name), this.message.to, 'refused', at);
    if (request) this.dispatcher.log.also(request);
  }
}

/** A channel that cannot make its message of this one customer must not hold up the others. */
function notRendered(error: unknown): Rendered {
  return { ok: false, reason: 'templateFailed', detail: nameOf(error) };
}

/** The class of an error: its message may hold an address or a secret. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.name;
}
