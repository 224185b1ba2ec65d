/** Writes into a chat through its incoming webhook, as Slack, Mattermost and others take it: {"text": ...}. */
import type { ActionRequested } from '@rapport/journey';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered, ToRender } from './channel.types';
import type { HttpPoster } from './http/post';
import { renderTemplate } from './templates/render-template';
import { DEFAULT_DESTINATION, noDestination, originOf } from './webhook.channel';

export interface ChatOptions {
  /** URL by name: that of the step's team, else of its `what`, else `default`. The URL is the secret. */
  destinations: { [name: string]: string };
}

export const CHAT_SPEC: ChannelSpec = {
  name: 'chat',
  // Chats know no idempotency key.
  inDoubt: 'human',
  attemptsMax: 6,
  backoffBaseMs: 2_000,
  backoffMaxMs: 600_000,
  timeoutMs: 15_000,
  concurrency: 2,
  perSecond: 1,
  reachesCustomer: true,
};

export class ChatChannel implements Channel {
  readonly spec = CHAT_SPEC;
  readonly ownSandbox = false;

  constructor(
    private readonly options: ChatOptions,
    private readonly poster: HttpPoster,
  ) {}

  destinationOf({ team, what }: Pick<ActionRequested, 'team' | 'what'>): string {
    const { destinations } = this.options;
    return [team, what].find((name) => name !== undefined && Object.hasOwn(destinations, name)) ?? DEFAULT_DESTINATION;
  }

  render({ request, scope, template }: ToRender): Promise<Rendered> {
    const to = this.destinationOf(request);
    const url = this.urlOf(to);
    if (url === undefined) return Promise.resolve(noDestination('chat', to));
    if (!template) return Promise.resolve({ ok: false, reason: 'templateFailed', detail: 'a chat needs a template' });
    const rendered = renderTemplate(template, scope);
    if (!rendered.ok) return Promise.resolve(rendered);
    const bytes = JSON.stringify({ text: rendered.text });
    return Promise.resolve({ ok: true, message: { to, bytes }, destination: originOf(url) });
  }

  attempt({ message, signal }: Attempt): Promise<Attempted> {
    const url = this.urlOf(message.to);
    if (url === undefined)
      return Promise.resolve({ result: 'failed', detail: 'the destination is not configured any more' });
    return this.poster.post({ url, headers: { 'content-type': 'application/json' }, body: message.bytes, signal });
  }

  close(): Promise<void> {
    this.poster.close();
    return Promise.resolve();
  }

  private urlOf(name: string): string | undefined {
    return Object.hasOwn(this.options.destinations, name) ? this.options.destinations[name] : undefined;
  }
}
