/**
 * A task for people. The queue is the engine's own (a fold of decisions), so that all there is to do here is to tell the team, once,
 * where it wants to be told. What became of the task comes from people, as a command.
 */
import type { ActionRequested } from '@rapport/journey';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered, ToRender } from './channel.types';
import type { HttpPoster } from './http/post';
import { secretKey, signedHeaders } from './http/standard-webhooks';
import { renderTemplate } from './templates/render-template';
import { originOf, type WebhookOptions } from './webhook.channel';

export const TASK_SPEC: ChannelSpec = {
  name: 'task',
  // Told again under the same id.
  inDoubt: 'retry',
  attemptsMax: 6,
  backoffBaseMs: 2_000,
  backoffMaxMs: 600_000,
  timeoutMs: 15_000,
  concurrency: 8,
  perSecond: 100,
  reachesCustomer: false,
};

/** Nobody is told; the task is in its queue. */
const NOBODY = '';

export class TaskChannel implements Channel {
  readonly spec = TASK_SPEC;
  /** In the sandbox the queue is filled all the same, and nobody is told. */
  readonly ownSandbox = true;
  private readonly destinations = new Map<string, { url: string; keys: Buffer[] }>();

  /** @param destinations that a team's `notify` names */
  constructor(
    { destinations }: WebhookOptions,
    private readonly poster: HttpPoster,
    private readonly now: () => number = Date.now,
  ) {
    for (const [name, { url, secrets }] of Object.entries(destinations))
      this.destinations.set(name, { url, keys: secrets.map((secret) => secretKey(secret, name)) });
  }

  destinationOf({ team }: Pick<ActionRequested, 'team'>): string {
    return team ?? NOBODY;
  }

  render({ request, scope, template, notify }: ToRender): Promise<Rendered> {
    const rendered = template && renderTemplate(template, scope);
    if (rendered && !rendered.ok) return Promise.resolve(rendered);
    const { action, play, what, team, slaDue, at } = request;
    const data = {
      ...{ action, team, what, play, customerId: scope.customer.id },
      ...(slaDue !== undefined && { slaDue: new Date(slaDue).toISOString() }),
      ...(rendered && { text: rendered.text }),
    };
    const bytes = JSON.stringify({ type: 'rapport.task', timestamp: new Date(at).toISOString(), data });
    const destination = notify === undefined ? undefined : this.destinations.get(notify);
    const to = destination ? notify! : NOBODY;
    return Promise.resolve({
      ok: true,
      message: { to, bytes },
      destination: destination ? originOf(destination.url) : '',
    });
  }

  attempt({ action, message, mode, signal }: Attempt): Promise<Attempted> {
    const destination = this.destinations.get(message.to);
    if (!destination) return Promise.resolve({ result: 'delivered', detail: 'in the queue' });
    if (mode === 'sandbox')
      return Promise.resolve({ result: 'delivered', detail: 'in the queue; sandbox: nobody told' });
    const { url, keys } = destination;
    const headers = { 'content-type': 'application/json', ...signedHeaders(action, this.now(), message.bytes, keys) };
    return this.poster.post({ url, headers, body: message.bytes, signal });
  }

  close(): Promise<void> {
    this.poster.close();
    return Promise.resolve();
  }
}
