/** A server whose plays greet who visits, and ask a question when the greeting is delivered; it may send at any hour. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutboxMessage } from '@rapport/engine';
import { ServerProcess } from './server-process';

const WAIT_MS_MAX = 20_000;
const LOOK_MS = 25;

const hour = (fromNow: number): string => new Date(Date.now() + fromNow * 3_600_000).toISOString().slice(11, 13);

const FILES: { [path: string]: string } = {
  'guards.yaml': `quiet: { from: "${hour(11)}:00", until: "${hour(12)}:00", weekdays: [mon, tue, wed, thu, fri, sat, sun] }\n`,
  'teams.yaml': '- { name: care, notify: care-desk }\n',
  'plays/greet.yaml': `name: greet
why: who visits is greeted
owner: care
purpose: relationship
on: { touchpoint: { type: store.visited } }
steps:
  - { give: hello, by: email, template: hello }
  - { ask: visit-nps, by: survey, template: how-was-it }
`,
  'templates/hello.liquid': `---
subject: Hello {{ customer.id }}
---
You came by {{ cause.touchpoint.type }}. {{ links.unsubscribe }}
`,
  'templates/by-name.liquid': 'Dear {{ customer.personal.name }}',
  'templates/how-was-it.liquid': `---
subject: One question
---
Would you recommend us?

You came by {{ cause.touchpoint.type }} on {{ cause.touchpoint.occurredAt | date: "%Y-%m-%d" }}.
{{ links.answer }} {{ links.unsubscribe }}
`,
};

export class GreetingServer {
  private constructor(
    readonly server: ServerProcess,
    private readonly plays: string,
  ) {}

  static async start(): Promise<GreetingServer> {
    const plays = mkdtempSync(join(tmpdir(), 'rapport-greeting-'));
    for (const folder of ['plays', 'templates']) mkdirSync(join(plays, folder));
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(plays, path), text);
    return new GreetingServer(await ServerProcess.start({ RAPPORT_PLAYS: plays }), plays);
  }

  async stop(): Promise<void> {
    await this.server.stopAndForget();
    rmSync(this.plays, { recursive: true, force: true });
  }

  /** Somebody with an address comes by. */
  async visit(customerId: string): Promise<void> {
    const now = new Date().toISOString();
    const profile = { type: 'profile.updated', properties: { email: `${customerId}@example.org` } };
    await this.record({ touchpointId: `p-${customerId}`, customerId, occurredAt: now, ...profile });
    await this.record({ touchpointId: `v-${customerId}`, customerId, occurredAt: now, type: 'store.visited' });
  }

  async record(touchpoint: object): Promise<void> {
    const { status } = await this.server.fetch('POST', '/v1/touchpoints', touchpoint, { prefer: 'wait=20' });
    if (status !== 200) throw new Error(`not recorded: ${status}`);
  }

  /** The message of this channel in the sandbox, once it is there. */
  async message(customerId: string, channel: string): Promise<OutboxMessage> {
    const outbox = join(this.server.folder, 'outbox');
    return until(() =>
      readdirSync(outbox)
        .filter((file) => file.endsWith('.json'))
        .map((file) => JSON.parse(readFileSync(join(outbox, file), 'utf8')) as OutboxMessage)
        .find((message) => message.customerId === customerId && message.channel === channel),
    );
  }
}

/** Looks again until there is something. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + WAIT_MS_MAX;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Paths of the links in the text of a message, in its order. Mail breaks long lines. */
export function linksIn({ bytes }: OutboxMessage): string[] {
  const text = bytes.slice(bytes.indexOf('\r\n\r\n')).replace(/=\r\n/g, '');
  return [...text.matchAll(/https?:\/\/[^/\s]+(\/l\/[\w-]+)/g)].map((match) => match[1] ?? '');
}
