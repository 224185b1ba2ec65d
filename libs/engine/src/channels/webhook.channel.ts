/** Tells another system, signed by Standard Webhooks. Its id is the action's: a receiver that keeps ids acts once. */
import type { ActionRequested } from '@rapport/journey';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered, ToRender } from './channel.types';
import type { HttpPoster } from './http/post';
import { secretKey, signedHeaders } from './http/standard-webhooks';
import { renderTemplate } from './templates/render-template';

export interface WebhookDestination {
  url: string;
  /** `whsec_...`; several while one replaces the other. At least one. */
  secrets: string[];
}

export interface WebhookOptions {
  /** By name: that of the step's `what`, else `default`. */
  destinations: { [name: string]: WebhookDestination };
}

export const DEFAULT_DESTINATION = 'default';

export const WEBHOOK_SPEC: ChannelSpec = {
  name: 'webhook',
  inDoubt: 'retry',
  attemptsMax: 10,
  backoffBaseMs: 2_000,
  backoffMaxMs: 3_600_000,
  timeoutMs: 15_000,
  concurrency: 16,
  perSecond: 200,
  reachesCustomer: true,
};

export class WebhookChannel implements Channel {
  readonly spec = WEBHOOK_SPEC;
  readonly ownSandbox = false;
  private readonly destinations = new Map<string, { url: string; keys: Buffer[] }>();

  constructor(
    { destinations }: WebhookOptions,
    private readonly poster: HttpPoster,
    private readonly now: () => number = Date.now,
  ) {
    for (const [name, { url, secrets }] of Object.entries(destinations)) {
      if (secrets.length === 0) throw new Error(`the webhook destination '${name}' has no secret: give it one`);
      this.destinations.set(name, { url, keys: secrets.map((secret) => secretKey(secret, name)) });
    }
  }

  destinationOf({ what }: Pick<ActionRequested, 'what'>): string {
    return this.destinations.has(what) ? what : DEFAULT_DESTINATION;
  }

  render({ request, scope, template }: ToRender): Promise<Rendered> {
    const to = this.destinationOf(request);
    const destination = this.destinations.get(to);
    if (!destination) return Promise.resolve(noDestination('webhook', to));
    const text = template && renderTemplate(template, scope);
    if (text && !text.ok) return Promise.resolve(text);
    const { action, play, verb, what, purpose, at } = request;
    const { id: customerId, stage, engagement } = scope.customer;
    const data = { action, customerId, play, verb, what, purpose, stage, engagement, ...(text && { text: text.text }) };
    const bytes = JSON.stringify({ type: 'rapport.action', timestamp: new Date(at).toISOString(), data });
    return Promise.resolve({ ok: true, message: { to, bytes }, destination: originOf(destination.url) });
  }

  attempt({ action, message, signal }: Attempt): Promise<Attempted> {
    const destination = this.destinations.get(message.to);
    if (!destination)
      return Promise.resolve({ result: 'failed', detail: 'the destination is not configured any more' });
    const { url, keys } = destination;
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders(action, this.now(), message.bytes, keys),
    };
    return this.poster.post({ url, headers, body: message.bytes, signal });
  }

  close(): Promise<void> {
    this.poster.close();
    return Promise.resolve();
  }
}

/** Path and query may hold a key. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

export function noDestination(channel: string, name: string): Rendered {
  return { ok: false, reason: 'noAddress', detail: `no ${channel} destination '${name}' is configured` };
}
