/** The SMTP servers: the one that customers are written to by, and the one of the sandbox. */
import { createPrivateKey } from 'node:crypto';
import type { EmailOptions, SmtpServer } from '@rapport/engine';
import { isLoopback } from './loopback';
import type { Setting } from './parse-value';
import { SMTP_SETTINGS, type SMTP_TLS } from './settings';
import { absolute, pick, reason, type Sources } from './sources';

const SUBMISSION_PORT = 587;
const IMPLICIT_TLS_PORT = 465;
const SANDBOX_PORT = 1025;
const FROM_OF_THE_SANDBOX = 'rapport@localhost';
/** One mailbox, with or without a name before it. */
const MAILBOX = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@,]+@[^\s<>@,]+)$/;

type Tls = (typeof SMTP_TLS)[number];

export function readEmail(sources: Sources, warnings: string[]): EmailOptions {
  const server = readServer(sources, warnings);
  const sandbox = readSandbox(sources, server);
  const from = mailbox(sources, SMTP_SETTINGS.from);
  const replyTo = mailbox(sources, SMTP_SETTINGS.replyTo);
  const dkim = readDkim(sources);
  if (from === undefined && server)
    sources.faults.push({
      where: SMTP_SETTINGS.from.env,
      problem: 'There is an SMTP server, and nobody whom messages come from.',
      mend: 'Give an address of yours, for example Brand <hello@brand.example>.',
    });
  return {
    ...{ from: from ?? FROM_OF_THE_SANDBOX },
    ...(server && { server }),
    ...(replyTo !== undefined && { replyTo }),
    ...(dkim && { dkim }),
    ...(sandbox && { sandbox }),
  };
}

function readServer(sources: Sources, warnings: string[]): SmtpServer | undefined {
  const host = setting(sources, SMTP_SETTINGS.host);
  if (host === undefined) return undefined;
  const tls = setting(sources, SMTP_SETTINGS.tls) ?? (isLoopback(host) ? 'offered' : 'required');
  const port = setting(sources, SMTP_SETTINGS.port) ?? (tls === 'implicit' ? IMPLICIT_TLS_PORT : SUBMISSION_PORT);
  const auth = readAuth(sources);
  if (auth && tls === 'offered' && !isLoopback(host))
    warnings.push(
      `${SMTP_SETTINGS.tls.env} is offered: the password of ${host} may travel in the clear. Use required.`,
    );
  return { host, port, ...tlsOf(tls), ...(auth && { auth }) };
}

const tlsOf = (tls: Tls): Pick<SmtpServer, 'secure' | 'requireTls'> => ({
  secure: tls === 'implicit',
  requireTls: tls === 'required',
});

function readAuth(sources: Sources): SmtpServer['auth'] {
  const user = setting(sources, SMTP_SETTINGS.user);
  const given = setting(sources, SMTP_SETTINGS.password);
  const file = setting(sources, SMTP_SETTINGS.passwordFile);
  const pass = given ?? (file === undefined ? undefined : secretFile(sources, SMTP_SETTINGS.passwordFile.env, file));
  if (user !== undefined && pass !== undefined) return { user, pass };
  if (user !== undefined || given !== undefined)
    sources.faults.push({
      where: SMTP_SETTINGS.user.env,
      problem: 'There is only one of user and password.',
      mend: `Give both, or neither: ${SMTP_SETTINGS.user.env}, and ${SMTP_SETTINGS.password.env} or ${SMTP_SETTINGS.passwordFile.env}.`,
    });
  return undefined;
}

/** An address alone = the same server, and nobody but that address. */
function readSandbox(sources: Sources, server: SmtpServer | undefined): EmailOptions['sandbox'] {
  const host = setting(sources, SMTP_SETTINGS.sandboxHost);
  const to = mailbox(sources, SMTP_SETTINGS.sandboxTo);
  const port = setting(sources, SMTP_SETTINGS.sandboxPort) ?? SANDBOX_PORT;
  const own = host === undefined ? server : { host, port };
  if (own && (host !== undefined || to !== undefined)) return { server: own, ...(to !== undefined && { to }) };
  if (to !== undefined)
    sources.faults.push({
      where: SMTP_SETTINGS.sandboxTo.env,
      problem: 'There is an address for the sandbox, and no server that could send to it.',
      mend: `Give ${SMTP_SETTINGS.sandboxHost.env} or ${SMTP_SETTINGS.host.env} too.`,
    });
  return undefined;
}

function readDkim(sources: Sources): EmailOptions['dkim'] {
  const domainName = setting(sources, SMTP_SETTINGS.dkimDomain);
  const keySelector = setting(sources, SMTP_SETTINGS.dkimSelector);
  const file = setting(sources, SMTP_SETTINGS.dkimKeyFile);
  if (domainName === undefined && keySelector === undefined && file === undefined) return undefined;
  const where = SMTP_SETTINGS.dkimKeyFile.env;
  if (domainName === undefined || keySelector === undefined || file === undefined) {
    const names = [SMTP_SETTINGS.dkimDomain, SMTP_SETTINGS.dkimSelector, SMTP_SETTINGS.dkimKeyFile];
    const mend = `Give all of ${names.map(({ env }) => env).join(', ')}, or none.`;
    sources.faults.push({ where, problem: 'DKIM is only half there.', mend });
    return undefined;
  }
  const privateKey = secretFile(sources, where, file);
  if (privateKey === undefined) return undefined;
  try {
    createPrivateKey(privateKey);
  } catch {
    // What OpenSSL says of it helps nobody.
    const mend = 'Make one with: openssl genrsa -out dkim.pem 2048';
    sources.faults.push({ where, problem: `${file} holds no private key in PEM.`, mend });
    return undefined;
  }
  return { domainName, keySelector, privateKey };
}

const setting = <T>(sources: Sources, one: Setting<T>): T | undefined => pick(sources, one, undefined, 'smtp');

function mailbox(sources: Sources, one: Setting<string>): string | undefined {
  const address = setting(sources, one);
  if (address === undefined || MAILBOX.test(address)) return address;
  const mend = 'Give one mailbox, for example Brand <hello@brand.example>.';
  sources.faults.push({ where: one.env, problem: `"${address.slice(0, 80)}" is no address.`, mend });
  return undefined;
}

/** What a file holds, without the end of its last line. */
function secretFile({ readFile, folder, faults }: Sources, where: string, file: string): string | undefined {
  const mend = 'Name a readable file that holds nothing else.';
  const path = absolute(folder, file);
  try {
    const text = readFile(path)?.replace(/\r?\n$/, '');
    if (text !== undefined && text !== '') return text;
    faults.push({ where, problem: `There is no file ${path}, or it is empty.`, mend });
  } catch (error) {
    faults.push({ where, problem: `${path} cannot be read: ${reason(error)}.`, mend });
  }
  return undefined;
}
