/** Port 0: which one it will be, before anything needs to know. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { ServerConfiguration } from './config/configuration';

export interface ReservedPort {
  configuration: ServerConfiguration;
  /** To be called at once before the server listens; nobody else gets the port until then. */
  release(): Promise<void>;
}

/**
 * The configuration with the port that the server will listen on, also in the links of messages, which are made while the store opens.
 * A port that is named is left alone. Rejects as listening itself would.
 */
export async function withPort(configuration: ServerConfiguration): Promise<ReservedPort> {
  if (configuration.port !== 0) return { configuration, release: () => Promise.resolve() };
  const holder = createServer((socket) => socket.destroy());
  holder.listen(0, configuration.host);
  await once(holder, 'listening');
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { messages } = configuration;
  const url = new URL(messages.publicUrl);
  if (url.port === '0') url.port = String(port);
  const release = async (): Promise<void> => {
    if (!holder.listening) return;
    holder.close();
    await once(holder, 'close');
  };
  return {
    configuration: { ...configuration, port, messages: { ...messages, publicUrl: url.href.replace(/\/+$/, '') } },
    release,
  };
}
