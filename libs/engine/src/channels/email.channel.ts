/** E-mail over SMTP. A server keeps no idempotency keys, so that where no answer came a human decides. */
import { domainToASCII } from 'node:url';
import type { ActionRequested } from '@rapport/journey';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Attempt, Attempted, Channel, ChannelSpec, Rendered, ToRender } from './channel.types';
import { type Dkim, SmtpPool, type SmtpServer } from './smtp-pool';
import { attemptedOfSmtp } from './smtp-result';
import { renderTemplate } from './templates/render-template';

export interface EmailOptions {
  /** Absent = no e-mail leaves: every request fails, saying so. */
  server?: SmtpServer;
  /** `Brand <hello@brand.example>` */
  from: string;
  replyTo?: string;
  dkim?: Dkim;
  /** Where messages go in the sandbox: a server of its own, and instead of the customer one address; absent = the outbox folder. */
  sandbox?: { server: SmtpServer; to?: string };
}

export const EMAIL_SPEC: ChannelSpec = {
  name: 'email',
  inDoubt: 'human',
  attemptsMax: 8,
  backoffBaseMs: 15_000,
  backoffMaxMs: 3_600_000,
  timeoutMs: 60_000,
  concurrency: 8,
  perSecond: 50,
  reachesCustomer: true,
};

/** One mailbox: nothing that could name a second one or end a header. */
const ADDRESS = /^[^\s<>(),;:"@\\]+@[^\s<>(),;:"@\\]+$/;
const ADDRESS_CHARACTERS_MAX = 254;

export class EmailChannel implements Channel {
  readonly spec: ChannelSpec;
  readonly ownSandbox: boolean;
  private readonly pools = new Map<SmtpServer, SmtpPool>();

  constructor(
    private readonly options: EmailOptions,
    spec = EMAIL_SPEC,
  ) {
    this.spec = spec;
    this.ownSandbox = options.sandbox !== undefined;
  }

  destinationOf(): string {
    return this.options.server?.host ?? '';
  }

  async render({ request, scope, template }: ToRender): Promise<Rendered> {
    const to = addressOf(scope.customer.personal);
    if (to === null)
      return { ok: false, reason: 'noAddress', detail: 'the customer has no e-mail address that can be used' };
    if (!template) return { ok: false, reason: 'templateFailed', detail: 'an e-mail needs a template' };
    const rendered = renderTemplate(template, scope);
    if (!rendered.ok) return rendered;
    const bytes = await this.mime(request, to, rendered, scope.links.unsubscribe);
    return { ok: true, message: { to, bytes }, destination: to.slice(to.lastIndexOf('@') + 1) };
  }

  async attempt({ message, mode, signal }: Attempt): Promise<Attempted> {
    const { sandbox } = this.options;
    const server = mode === 'sandbox' ? sandbox?.server : this.options.server;
    if (!server) return { result: 'failed', detail: 'no SMTP server is configured' };
    const pool = this.poolOf(server);
    const connection = pool.take();
    try {
      const to = mode === 'sandbox' ? (sandbox?.to ?? message.to) : message.to;
      const envelope = { from: bareAddress(this.options.from), to };
      await raced(connection.transport.sendMail({ envelope, raw: message.bytes }), signal);
      pool.giveBack(connection, true);
      return { result: 'delivered', detail: '250' };
    } catch (error) {
      const attempted = attemptedOfSmtp(error, connection.transcript.dataSent);
      pool.giveBack(connection, false);
      return attempted;
    }
  }

  close(): Promise<void> {
    for (const pool of this.pools.values()) pool.close();
    return Promise.resolve();
  }

  private poolOf(server: SmtpServer): SmtpPool {
    const known = this.pools.get(server);
    if (known) return known;
    const { timeoutMs, concurrency: keptMax } = this.spec;
    const pool = new SmtpPool({ server, dkim: this.options.dkim, timeoutMs, keptMax });
    this.pools.set(server, pool);
    return pool;
  }

  /** Everything that would come from chance or the clock is fixed by the request: rendered again it is the same message. */
  private async mime(
    request: ActionRequested,
    to: string,
    { subject, text, html }: { subject: string | undefined; text: string; html: string | undefined },
    unsubscribe: string,
  ): Promise<string> {
    const { from, replyTo } = this.options;
    const composer = new MailComposer({
      ...{ from, to, subject: subject ?? request.what, text, ...(html !== undefined && { html }) },
      ...(replyTo !== undefined && { replyTo }),
      ...{ messageId: `<${request.action}@${domainOf(from)}>`, date: new Date(request.at) },
      ...{ baseBoundary: request.action, disableFileAccess: true, disableUrlAccess: true, xMailer: false },
      headers: {
        'X-Rapport-Action': request.action,
        ...(unsubscribe !== '' && {
          'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
      },
    });
    return (await composer.compile().build()).toString('utf8');
  }
}

/** null = none, or one that no header should hold. */
function addressOf(personal: object): string | null {
  const { email } = personal as { email?: unknown };
  if (typeof email !== 'string' || email.length > ADDRESS_CHARACTERS_MAX) return null;
  const address = email.trim();
  return ADDRESS.test(address) && domainToASCII(address.slice(address.lastIndexOf('@') + 1)) !== '' ? address : null;
}

function bareAddress(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

function domainOf(from: string): string {
  return bareAddress(from).split('@').at(-1) ?? 'localhost';
}

function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}
