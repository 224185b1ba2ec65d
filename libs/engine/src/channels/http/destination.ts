/** A URL of the configuration, checked and resolved: what an attempt connects to. Done at each attempt: names move. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard';

const PORTS: readonly string[] = ['', '443', '8443'];

export type Resolve = (host: string) => Promise<string[]>;

export interface Target {
  url: URL;
  /** The one that is connected to, whatever the name says a moment later. */
  address: string;
}

/** What it says is for the log of attempts: neither the URL nor what a receiver answered stands in it. */
export class DestinationRefused extends Error {}

export const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** What is wrong with the URL as it stands, before anything is resolved; null = nothing. It repeats nothing of the URL. */
export function destinationFault(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return 'the URL cannot be read';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'only https is sent to';
  return url.username !== '' || url.password !== '' ? 'a URL with a user name is refused' : null;
}

/**
 * Throws DestinationRefused where it may not be reached, or what `resolve` throws. Every address that a name has must be allowed:
 * a name that is half inside is a trick or a mistake.
 */
export async function targetOf(text: string, guard: AddressGuard, resolve: Resolve = resolveByDns): Promise<Target> {
  const fault = destinationFault(text);
  if (fault !== null) throw new DestinationRefused(fault);
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // A literal address never reaches a resolver, so a check inside one would miss it.
  const addresses = isIP(host) ? [host] : await resolve(host);
  const [address] = addresses;
  if (address === undefined) throw new DestinationRefused('the name has no address');
  if (!addresses.every((one) => guard.mayReach(one))) throw new DestinationRefused('the address is not public');
  const byAllowance = addresses.every((one) => guard.isAllowance(one));
  if (url.protocol !== 'https:' && !byAllowance) throw new DestinationRefused('only https is sent to');
  if (!PORTS.includes(url.port) && !byAllowance) throw new DestinationRefused('only ports 443 and 8443 are sent to');
  return { url, address };
}
