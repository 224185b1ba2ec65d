/**
 * Keeps web pages away from a developer's machine. A page can send requests to 127.0.0.1, or to a name of its own that
 * resolves there, but its browser then says so: in Origin, or in Host.
 */
import { isLoopback } from '../config/loopback';
import { Problem } from './problem';

export interface HostRules {
  host: string;
  allowedHosts: readonly string[];
  /** Links in messages lead there; for them alone its host is answered too. */
  publicUrl: string;
}

export class HostGuard {
  private readonly exact = new Set<string>();
  private readonly anyPort = new Set<string>();
  private readonly checksHost: boolean;
  private readonly publicName: string;

  /** `port` is the one that the server listens on. */
  constructor(rules: HostRules, port: number) {
    for (const name of rules.allowedHosts) (/:\d+$/.test(name) ? this.exact : this.anyPort).add(name);
    for (const name of [
      'localhost',
      '127.0.0.1',
      '[::1]',
      ...(isLoopback(rules.host) ? [bracketed(rules.host)] : []),
    ]) {
      this.exact.add(`${name}:${port}`);
      if (port === HTTP_PORT) this.exact.add(name);
    }
    // Beyond loopback the operator opened the server on purpose; host names are checked only where some were named.
    this.checksHost = isLoopback(rules.host) || rules.allowedHosts.length > 0;
    this.publicName = new URL(rules.publicUrl).hostname;
  }

  /** A problem where the request must not be answered. */
  check(host: string | undefined, origin: string | undefined): Problem | undefined {
    if (this.checksHost && !(host !== undefined && this.allows(host))) return foreignHost(host);
    if (origin === undefined || this.allowsOrigin(origin, host)) return undefined;
    return new Problem(
      'foreignOrigin',
      `Pages of "${shorten(origin)}" may not call this server. Call it from a program, or name the host in RAPPORT_ALLOWED_HOSTS.`,
    );
  }

  /** Of a link in a message. Its token is all that counts, and no page can know it: so nobody is asked for an Origin. */
  checkLink(host: string | undefined): Problem | undefined {
    if (!this.checksHost || (host !== undefined && (this.allows(host) || this.isPublic(host)))) return undefined;
    return foreignHost(host);
  }

  private isPublic(host: string): boolean {
    return host.toLowerCase().replace(/:\d+$/, '') === this.publicName;
  }

  private allows(host: string): boolean {
    if (this.exact.has(host)) return true;
    const name = host.toLowerCase();
    return this.exact.has(name) || this.anyPort.has(name) || this.anyPort.has(name.replace(/:\d+$/, ''));
  }

  private allowsOrigin(origin: string, host: string | undefined): boolean {
    const match = /^https?:\/\/([^/\s]+)$/.exec(origin);
    const named = match?.[1];
    if (named === undefined) return false;
    return this.checksHost ? this.allows(named) : named.toLowerCase() === host?.toLowerCase() || this.allows(named);
  }
}

function foreignHost(host: string | undefined): Problem {
  return new Problem(
    'foreignHost',
    `The host "${shorten(host ?? '')}" is not answered here. Use localhost with the port, or name the host in RAPPORT_ALLOWED_HOSTS.`,
  );
}

const HTTP_PORT = 80;
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
