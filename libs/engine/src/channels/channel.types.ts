/** The port of a channel: one file each, one line in channels/registry.ts, and the contract suite in channels/channel.contract.ts. */
import type { ActionRequested } from '@rapport/journey';
import type { RenderedMessage } from '../dispatch/action-events';

/** What a template may see. Frozen; strict variables; output is escaped for HTML parts. */
export interface TemplateScope {
  customer: {
    id: string;
    kind: string;
    stage: string | null;
    engagement: string | null;
    traits: object;
    personal: object;
  };
  /** CauseView of dispatch/cause-view.ts. */
  cause: object;
  evidence: object[];
  play: { name: string; why: string };
  links: { unsubscribe: string; answer: string };
  /** ISO 8601, UTC: Liquid's `date` reads it. */
  now: string;
}

export interface ToRender {
  request: ActionRequested;
  scope: TemplateScope;
  template: { subject?: string; text: string; html?: string } | null;
  /** Where the team of a task wants to be told: a destination's name. */
  notify?: string;
  /** sandbox: the same bytes, another destination. */
  mode: 'sandbox' | 'live';
}

export type Rendered =
  | { ok: true; message: RenderedMessage; destination: string }
  | { ok: false; reason: 'noAddress' | 'templateFailed' | 'erased'; detail: string };

export interface Attempt {
  action: string;
  attempt: number;
  message: RenderedMessage;
  mode: 'sandbox' | 'live';
  /** Aborts after the channel's time limit, or when everything stops. */
  signal: AbortSignal;
}

export type Attempted =
  | { result: 'delivered'; detail: string }
  | { result: 'retry'; detail: string; /** From Retry-After. */ retryAfterMs?: number }
  /** Will never work: no retry. `address`: the destination itself is dead. */
  | { result: 'failed'; detail: string; address?: true }
  /** Something may have left, and no answer came. */
  | { result: 'inDoubt'; detail: string };

export interface ChannelSpec {
  name: string;
  /** What to do when it is not known whether an attempt worked. `retry` needs a receiver that knows idempotency keys. */
  inDoubt: 'retry' | 'human';
  attemptsMax: number;
  /** Full jitter between 0 and min(backoffMaxMs, backoffBaseMs x 2^n). */
  backoffBaseMs: number;
  backoffMaxMs: number;
  timeoutMs: number;
  /** Attempts at one destination at a time, and started each second. */
  concurrency: number;
  perSecond: number;
  /** Whether what is sent reaches the customer at once; a task does not. */
  reachesCustomer: boolean;
}

export interface Channel {
  readonly spec: ChannelSpec;
  /** In the sandbox it has a way of its own (one address, a local server, nobody at all); else the dispatcher's outbox takes the message. */
  readonly ownSandbox: boolean;
  /** What limits and the circuit breaker count by: an origin, a server; never an address of a person. Cheap: asked before rendering. */
  destinationOf(request: Pick<ActionRequested, 'what' | 'team'>): string;
  render(what: ToRender): Promise<Rendered>;
  /** Never throws for what the outside world does: that is an Attempted. */
  attempt(attempt: Attempt): Promise<Attempted>;
  close(): Promise<void>;
}
