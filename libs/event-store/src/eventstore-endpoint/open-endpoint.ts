import { createRequire } from 'node:module';

import type { Endpoint, EndpointOptions } from './endpoint.types';

/**
 * Offers a log over the EventStoreDB protocol. What that takes (gRPC, the message classes) is loaded only when it is asked for: every thread of Rapport
 * loads this library, and most have no use for it.
 */
export async function openEventStoreEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const load = createRequire(__filename);
  const { EndpointServer } = load('./endpoint-server') as typeof import('./endpoint-server');
  return EndpointServer.start(options);
}
