/** The log over the EventStoreDB protocol, beside the HTTP API. */
import type { RapportEngine } from '@rapport/engine';
import { type Endpoint, openEventStoreEndpoint } from '@rapport/event-store';
import type { ServerConfiguration } from '../config/configuration';
import { HostGuard } from '../http/host-guard';
import type { Log } from '../log/json-log';

export interface OfferedEventStore {
  /** For clients of the protocol. */
  url: string;
  close(): Promise<void>;
}

/** Undefined where the configuration asks for none. */
export async function offerEventStore(
  engine: RapportEngine,
  configuration: ServerConfiguration,
  log: Log,
): Promise<OfferedEventStore | undefined> {
  const { host, eventstorePort, eventstoreWrites } = configuration;
  if (eventstorePort === undefined) return undefined;
  const { log: offered, instanceId, reserved, customers } = engine.offer();
  const rules = { ...configuration, publicUrl: configuration.messages.publicUrl };
  let hosts = new HostGuard(rules, eventstorePort);
  const endpoint = await openEventStoreEndpoint({
    ...{ log: offered, instanceId, host, port: eventstorePort, views: customers },
    writes: { open: eventstoreWrites, reserved },
    allowsHost: (authority) => hosts.check(authority, undefined) === undefined,
    say: (problem) => log({ level: 'warn', message: problem }),
  });
  hosts = new HostGuard(rules, endpoint.port);
  return { url: urlOf(host, endpoint), close: () => endpoint.close() };
}

function urlOf(host: string, { port }: Endpoint): string {
  return `esdb://${host.includes(':') ? `[${host}]` : host}:${port}?tls=false`;
}
