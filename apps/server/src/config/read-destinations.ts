/** Webhook and chat destinations by the names that plays and teams use. */
import { destinationFault, secretKey, type WebhookDestination } from '@rapport/engine';
import { isRecord } from './parse-value';
import { SETTINGS } from './settings';
import { pick, reason, type Sources } from './sources';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const DESTINATIONS_MAX = 256;
const KEYS: readonly string[] = ['url', 'secret', 'secrets'];

export interface Destinations {
  webhooks: { [name: string]: WebhookDestination };
  chats: { [name: string]: string };
}

/** @param allowances whether any address that is not public may be sent to: only then plain http and other ports may be right */
export function readDestinations(sources: Sources, allowances: boolean): Destinations {
  const webhooks: Destinations['webhooks'] = {};
  const chats: Destinations['chats'] = {};
  for (const [name, value] of named(sources, SETTINGS.webhooks)) {
    const fault = faultAt(sources, `${SETTINGS.webhooks.env}, ${name}`);
    webhooks[name] = webhook(name, value, fault);
    checkUrl(webhooks[name].url, allowances, fault);
  }
  for (const [name, value] of named(sources, SETTINGS.chats)) {
    const fault = faultAt(sources, `${SETTINGS.chats.env}, ${name}`);
    chats[name] = typeof value === 'string' ? value : '';
    checkUrl(chats[name], allowances, fault);
  }
  return { webhooks, chats };
}

type Fault = (problem: string, mend: string) => void;

const faultAt =
  ({ faults }: Sources, where: string): Fault =>
  (problem, mend) =>
    void faults.push({ where, problem, mend });

function named(sources: Sources, setting: typeof SETTINGS.webhooks | typeof SETTINGS.chats): [string, unknown][] {
  const all = Object.entries(pick(sources, setting, {}));
  const fault = faultAt(sources, setting.env);
  if (all.length > DESTINATIONS_MAX)
    fault(`There are more than ${DESTINATIONS_MAX} destinations.`, 'Let destinations share a receiver.');
  return all.filter(([name]) => {
    if (NAME.test(name)) return true;
    fault(`${JSON.stringify(name.slice(0, 64))} is no name.`, 'Use lower-case letters, digits, ".", "_" and "-".');
    return false;
  });
}

function webhook(name: string, value: unknown, fault: Fault): WebhookDestination {
  const { url, secret, secrets, ...others } = isRecord(value) ? value : {};
  for (const key of Object.keys(others)) fault(`"${key}" is no part of it.`, `It has ${KEYS.join(', ')}.`);
  const listed: unknown[] = Array.isArray(secrets) ? secrets : [];
  const all = [...(secret === undefined ? [] : [secret]), ...listed].map((one) => (typeof one === 'string' ? one : ''));
  if (all.length === 0)
    fault('It has no secret.', 'Give it one, whsec_ and base64: echo whsec_$(openssl rand -base64 32)');
  for (const one of all) {
    try {
      secretKey(one, name);
    } catch (error) {
      fault(`A secret cannot be used: ${reason(error)}.`, 'The receiver needs the same one.');
    }
  }
  return { url: typeof url === 'string' ? url : '', secrets: all };
}

function checkUrl(text: string, allowances: boolean, fault: Fault): void {
  const mend = 'Give an address such as https://crm.example/hooks/rapport.';
  const problem = destinationFault(text);
  if (problem !== null) return fault(`It cannot be sent to: ${problem}.`, mend);
  const { protocol, port } = new URL(text);
  const isPublic = protocol === 'https:' && ['', '443', '8443'].includes(port);
  if (!isPublic && !allowances)
    fault(
      'Only https on port 443 or 8443 is sent to.',
      'Receivers in your own network need their address in RAPPORT_ALLOW_ADDRESSES.',
    );
}
