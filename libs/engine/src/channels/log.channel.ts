/** Writes a line into the server's log: for trying a play out, and for systems that read logs. */
import type { LogEntry } from '../rapport.types';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered, ToRender } from './channel.types';
import { renderTemplate } from './templates/render-template';

export const LOG_SPEC: ChannelSpec = {
  name: 'log',
  inDoubt: 'retry',
  attemptsMax: 3,
  backoffBaseMs: 1_000,
  backoffMaxMs: 10_000,
  timeoutMs: 1_000,
  concurrency: 64,
  perSecond: 1_000,
  reachesCustomer: true,
};

export class LogChannel implements Channel {
  readonly spec = LOG_SPEC;
  /** A line in the log reaches nobody outside. */
  readonly ownSandbox = true;

  constructor(private readonly say: (entry: LogEntry) => void) {}

  destinationOf(): string {
    return 'log';
  }

  render({ request, scope, template }: ToRender): Promise<Rendered> {
    const rendered = template && renderTemplate(template, scope);
    if (rendered && !rendered.ok) return Promise.resolve(rendered);
    const { action, play, verb, what } = request;
    const bytes = JSON.stringify({ action, play, verb, what, ...(rendered && { text: rendered.text }) });
    return Promise.resolve({ ok: true, message: { to: 'log', bytes }, destination: 'log' });
  }

  attempt({ message }: Attempt): Promise<Attempted> {
    this.say({ level: 'info', message: 'action', ...(JSON.parse(message.bytes) as object) });
    return Promise.resolve({ result: 'delivered', detail: 'written' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
