/** What the dispatcher knows of one partition: a fold of its three streams, in the order of the log. */
import type { Chunk, EventCursor } from '@rapport/event-store';
import {
  carrierOf,
  type ActionOutcome,
  type ActionRequested,
  type ActionSettled,
  PLAY_CONTROL,
  type PlayExited,
  SERVICE_PURPOSE,
  type TaskChanged,
} from '@rapport/journey';
import { EVENT } from '../loop/control-events';
import {
  ACTION_EVENT,
  type ActionEnded,
  type ActionRendered,
  type AttemptEnded,
  type AttemptStarted,
  type Block,
} from './action-events';
import { keptOf, type KeptRequest, type OpenAction, openAction } from './open-action';
import { type PermissionNews, permissionNews } from './permission-news';

/** Told of what the fold finds, so that the dispatcher looks at it. */
export interface DispatchNews {
  /** Something about it has changed. */
  changed(action: OpenAction): void;
  resumed(): void;
  /** An address may have to be suppressed, or released. */
  permission(news: PermissionNews & { customerId: string; position: number }): void;
}

/** Then they are forgotten together. */
const WORDS_KEPT_MAX = 4_096;

export class PartitionDispatch {
  /** Revisions that are folded. */
  journey = -1;
  touchpoints = -1;
  /** Of its own stream, at a start. */
  own = -1;
  /** Events of the other two streams that were folded since the last checkpoint. */
  sinceCheckpoint = 0;
  pausedChannels = new Set<string>();
  readonly open = new Map<string, OpenAction>();
  private readonly byCustomer = new Map<string, OpenAction[]>();
  private readonly words = new Map<string, string>();

  constructor(
    readonly partition: number,
    private readonly news: DispatchNews,
  ) {}

  /** A chunk of `journey-<pp>` or `touchpoints-<pp>`; events that are folded already are passed over. */
  fold(role: 'journey' | 'touchpoints', cursor: EventCursor, chunk: Chunk): void {
    cursor.reset(chunk);
    const known = role === 'journey' ? this.journey : this.touchpoints;
    if (chunk.firstRevision <= known) cursor.skip(known + 1 - chunk.firstRevision);
    while (cursor.next()) {
      if (role === 'journey') this.decision(cursor);
      else this.input(cursor);
    }
    const last = Math.max(known, chunk.firstRevision + chunk.count - 1);
    this.sinceCheckpoint += last - known;
    if (role === 'journey') this.journey = last;
    else this.touchpoints = last;
  }

  add(action: OpenAction): void {
    this.open.set(action.request.action, action);
    const own = this.byCustomer.get(action.customerId);
    if (own) own.push(action);
    else this.byCustomer.set(action.customerId, [action]);
  }

  remove(action: OpenAction): void {
    this.open.delete(action.request.action);
    const others = (this.byCustomer.get(action.customerId) ?? []).filter((one) => one !== action);
    if (others.length > 0) this.byCustomer.set(action.customerId, others);
    else this.byCustomer.delete(action.customerId);
  }

  kept(request: Omit<ActionRequested, 'type'>): KeptRequest {
    return keptOf(request, (text) => this.word(text));
  }

  /** Definitions have few of them, and not for ever the same. */
  private word(text: string): string {
    const known = this.words.get(text);
    if (known !== undefined) return known;
    if (this.words.size >= WORDS_KEPT_MAX) this.words.clear();
    this.words.set(text, text);
    return text;
  }

  /** A chunk of `actions-<pp>`, at a start: what the last run has done. */
  foldOwn(cursor: EventCursor, chunk: Chunk): void {
    cursor.reset(chunk);
    if (chunk.firstRevision <= this.own) cursor.skip(this.own + 1 - chunk.firstRevision);
    while (cursor.next()) {
      if (cursor.type === ACTION_EVENT.dispatchCheckpointed) continue;
      this.done(cursor.type, cursor.data, cursor.revision);
    }
    this.own = chunk.firstRevision + chunk.count - 1;
  }

  private done(type: string, data: string, revision: number): void {
    const event = JSON.parse(data) as ActionRendered | AttemptStarted | AttemptEnded | ActionEnded;
    const action = this.open.get(event.action);
    if (!action) return;
    switch (type) {
      case ACTION_EVENT.actionRendered:
        action.rendered = revision;
        return;
      case ACTION_EVENT.attemptStarted:
        action.attempts = (event as AttemptStarted).attempt;
        action.started = true;
        return;
      case ACTION_EVENT.attemptEnded:
        attemptDone(action, event as AttemptEnded);
        return;
      case ACTION_EVENT.actionEnded:
        action.ended = event as ActionEnded;
    }
  }

  private decision(cursor: EventCursor): void {
    switch (cursor.type) {
      case 'ActionRequested':
        return this.requested(cursor);
      case 'ActionSettled':
        return this.settled(cursor.subject, JSON.parse(cursor.data) as ActionSettled);
      case 'PlayExited':
        return this.exited(cursor.subject, JSON.parse(cursor.data) as PlayExited);
      case 'TaskChanged':
        return this.taskChanged(JSON.parse(cursor.data) as TaskChanged);
    }
  }

  private requested(cursor: EventCursor): void {
    const { subject: customerId, revision, position } = cursor;
    const request = this.kept(JSON.parse(cursor.data) as ActionRequested);
    if (this.open.has(request.action)) return;
    const action = openAction(request, { customerId, partition: this.partition, revision, position });
    this.add(action);
    this.news.changed(action);
  }

  private settled(customerId: string, settled: ActionSettled): void {
    const action = this.open.get(settled.action);
    if (!action || action.customerId !== customerId) return;
    action.settled = settled;
    this.news.changed(action);
  }

  private exited(customerId: string, { play, enrolment }: PlayExited): void {
    for (const action of this.byCustomer.get(customerId) ?? []) {
      if (action.request.play === play && action.request.enrolment === enrolment) this.block(action, 'left');
    }
  }

  private taskChanged({ action, change, outcome }: TaskChanged): void {
    const task = this.open.get(action);
    if (task && change === 'finished' && (outcome === 'answered' || outcome === 'declined')) task.answer = outcome;
  }

  private input(cursor: EventCursor): void {
    switch (cursor.type) {
      case EVENT.touchpointRecorded: {
        const { data } = cursor;
        const news = permissionNews(data);
        if (news === null) return;
        if (news.kind === 'outcome') this.outcome(news.outcome);
        else this.permission(cursor.subject, news, cursor.position);
        return;
      }
      case PLAY_CONTROL.channelPaused:
        this.pausedChannels.add(channelOf(cursor));
        return;
      case PLAY_CONTROL.channelResumed:
        this.pausedChannels.delete(channelOf(cursor));
        this.news.resumed();
    }
  }

  /** The log holds the outcome: unless somebody still has to resolve it, the action is over. */
  private outcome({ action: id, result }: Pick<ActionOutcome, 'action' | 'result'>): void {
    const action = this.open.get(id);
    if (!action) return;
    action.outcomeSeen = result;
    if (result !== 'in-doubt') this.remove(action);
  }

  private permission(customerId: string, news: PermissionNews, position: number): void {
    for (const action of this.byCustomer.get(customerId) ?? []) {
      const block = action.position < position ? blockBy(action, news) : null;
      if (block) this.block(action, block);
    }
    this.news.permission({ ...news, customerId, position });
  }

  private block(action: OpenAction, block: Block): void {
    action.block ??= block;
    this.news.changed(action);
  }
}

function attemptDone(action: OpenAction, { result, nextAt }: AttemptEnded): void {
  action.started = false;
  if (nextAt !== undefined) action.nextAt = nextAt;
  if (result === 'inDoubt') action.doubt = true;
  // Of a message an ActionEnded follows in the same append; of a task it is what says that its team has been told, or cannot be.
  if (result === 'delivered' || result === 'failed') action.queued = true;
}

function blockBy(action: OpenAction, news: PermissionNews): Block | null {
  const { channel, purpose } = action.request;
  const carrier = carrierOf(channel);
  if (news.kind === 'suppressed') return news.channel === carrier ? 'suppressedAddress' : null;
  if (news.kind !== 'withdrawn' || purpose === SERVICE_PURPOSE || purpose !== news.purpose) return null;
  return [channel, carrier, 'any'].includes(news.channel) ? 'consentWithdrawn' : null;
}

function channelOf(cursor: EventCursor): string {
  return (JSON.parse(cursor.data) as { channel: string }).channel;
}
