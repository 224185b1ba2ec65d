/** What messages need: receivers, secrets, and where their links lead. Nothing that is said about a fault repeats a secret or a URL. */
import { AddressGuard, type DispatchOptions, LINK_SECRET_BYTES_MIN } from '@rapport/engine';
import { isLoopback } from './loopback';
import { readDestinations } from './read-destinations';
import { readEmail } from './read-email';
import { SETTINGS } from './settings';
import { pick, reason, type Sources } from './sources';

/** What the server answers under: links lead there. */
interface Served {
  host: string;
  port: number;
}

/** The first one seals, the others open what older messages hold. */
const LINK_SECRETS_MAX = 8;

export function readMessages(sources: Sources, served: Served, warnings: string[]): DispatchOptions {
  const allowAddresses = readAllowances(sources);
  const { webhooks, chats } = readDestinations(sources, allowAddresses.length > 0);
  return {
    publicUrl: readPublicUrl(sources, served, warnings),
    linkSecrets: readLinkSecrets(sources),
    channels: {
      webhook: { destinations: webhooks },
      chat: { destinations: chats },
      email: readEmail(sources, warnings),
      allowAddresses,
    },
  };
}

function readAllowances(sources: Sources): string[] {
  const blocks = pick(sources, SETTINGS.allowAddresses, []);
  return blocks.filter((block) => {
    try {
      return new AddressGuard([block]).isAllowance(block.split('/')[0] ?? '');
    } catch (error) {
      const mend = 'Name what may be reached although it is not public, with commas between.';
      sources.faults.push({ where: SETTINGS.allowAddresses.env, problem: `${reason(error)}.`, mend });
      return false;
    }
  });
}

function readLinkSecrets(sources: Sources): string[] {
  const secrets = pick(sources, SETTINGS.linkSecrets, []);
  const where = SETTINGS.linkSecrets.env;
  const mend = 'Make one with: openssl rand -base64 32. Leave it out to use the one that the store makes for itself.';
  for (const [i, secret] of secrets.entries()) {
    if (Buffer.byteLength(secret) >= LINK_SECRET_BYTES_MIN) continue;
    const problem = `Secret ${i + 1} is shorter than ${LINK_SECRET_BYTES_MIN} bytes.`;
    sources.faults.push({ where, problem, mend });
  }
  if (secrets.length > LINK_SECRETS_MAX)
    sources.faults.push({ where, problem: `There are more than ${LINK_SECRETS_MAX}.`, mend: 'Keep the newest.' });
  return secrets;
}

function readPublicUrl(sources: Sources, served: Served, warnings: string[]): string {
  const named = pick(sources, SETTINGS.publicUrl, undefined);
  if (named === undefined) return ownUrl(served);
  const url = URL.canParse(named) ? new URL(named) : null;
  const where = SETTINGS.publicUrl.env;
  const mend = 'Give the address that customers reach this server under, for example https://hello.brand.example.';
  if (!url || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== '') {
    sources.faults.push({ where, problem: 'It is no plain http or https address.', mend });
    return named;
  }
  if (isLoopback(url.hostname)) return named.replace(/\/+$/, '');
  if (url.protocol === 'http:')
    warnings.push(`${where} is plain http: what customers answer can be read on its way. Use https.`);
  return named.replace(/\/+$/, '');
}

/** Port 0 is not known yet: whoever starts the server puts the real one in. */
function ownUrl({ host, port }: Served): string {
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
