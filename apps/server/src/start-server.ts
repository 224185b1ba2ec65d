import { openClusterRapport, openRapport } from '@rapport/engine';
import type { RapportEngine, RapportOptions } from '@rapport/engine';
import type { ServerConfiguration } from './config/configuration';
import { offerEventStore } from './eventstore/offer-event-store';
import type { OfferedEventStore } from './eventstore/offer-event-store';
import { isLoopback } from './config/loopback';
import { type ReservedPort, withPort } from './free-port';
import { makeApplication } from './http/application';
import type { Application } from './http/application';
import { makeLog } from './log/json-log';
import type { Log } from './log/json-log';
import { removeServerFile, writeServerFile } from './server-file';

export interface RunningServer {
  /** For example http://127.0.0.1:3000 */
  url: string;
  /** For example esdb://127.0.0.1:2113?tls=false; undefined where the protocol is not offered. */
  eventstoreUrl: string | undefined;
  engine: RapportEngine;
  log: Log;
  /** Graceful: ends streams, finishes requests, closes the store. May be called more than once. */
  close(): Promise<void>;
}

/** A port that is taken, or an address that this machine does not have. */
export class CannotListen extends Error {}

/** Opens the store, listens, and says where. Throws what openRapport throws, or CannotListen. */
export async function startServer(
  named: ServerConfiguration,
  log: Log = makeLog(named.logLevel, process.stderr, process.stderr.isTTY),
  open: (options: RapportOptions) => Promise<RapportEngine> = opening(named),
): Promise<RunningServer> {
  for (const message of named.warnings) log({ level: 'warn', message });
  const port = await reserved(named);
  const { configuration } = port;
  const { data, definition, plays, messages } = configuration;
  const opened = open({ data, definitionFile: definition, plays, dispatch: messages, log });
  const engine = await opened.catch(async (error: unknown) => {
    await port.release();
    throw error;
  });
  try {
    const application = await makeApplication(engine, configuration, log);
    await port.release();
    const url = await listen(application, configuration);
    const offered = await offer(application, engine, configuration, log);
    warnOfLinks(engine, configuration, log);
    writeServerFile(engine.data, url);
    log({
      level: 'info',
      message: `Listening on ${url}, storing in ${engine.data}. ${playsInWords(engine)}`,
      url,
      ...(offered && { eventstoreUrl: offered.url }),
      data: engine.data,
      pid: process.pid,
    });
    return {
      url,
      eventstoreUrl: offered?.url,
      engine,
      log,
      close: once(() => close(application, offered, engine, log)),
    };
  } catch (error) {
    await port.release();
    await engine.close();
    throw error;
  }
}

async function reserved(named: ServerConfiguration): Promise<ReservedPort> {
  try {
    return await withPort(named);
  } catch (error) {
    throw cannotListen(error, named.host, named.port);
  }
}

/** A server for everybody whose links lead to whoever reads them. */
function warnOfLinks(engine: RapportEngine, { host, messages }: ServerConfiguration, log: Log): void {
  if (engine.status().dispatch === undefined || isLoopback(host)) return;
  const { publicUrl } = messages;
  if (!isLoopback(new URL(publicUrl).hostname)) return;
  const message = `links in messages lead to ${publicUrl}, which is another machine for everybody but this one: set PUBLIC_URL.`;
  log({ level: 'warn', message });
}

/** One switch: the same server over a folder, or as a process of a cluster. */
function opening({ cluster }: ServerConfiguration): (options: RapportOptions) => Promise<RapportEngine> {
  return cluster ? (options) => openClusterRapport({ ...options, ...cluster }) : openRapport;
}

function playsInWords(engine: RapportEngine): string {
  if (engine.status().dispatch === undefined) return 'No plays: --plays default brings those that come with Rapport.';
  const { set, unarmed } = engine.effects();
  const reach = unarmed === null ? `effects: ${set.all}` : 'but this copy of the store is not armed (rapport arm)';
  return `Plays are carried out, ${reach}.`;
}

async function listen(application: Application, { host, port }: ServerConfiguration): Promise<string> {
  try {
    const bound = await application.listen();
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  } catch (error) {
    await application.close();
    throw cannotListen(error, host, port);
  }
}

async function offer(
  application: Application,
  engine: RapportEngine,
  configuration: ServerConfiguration,
  log: Log,
): Promise<OfferedEventStore | undefined> {
  try {
    return await offerEventStore(engine, configuration, log);
  } catch (error) {
    await application.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotListen(
      `The EventStoreDB protocol cannot be offered on port ${configuration.eventstorePort}: ${reason}. ` +
        'Set RAPPORT_EVENTSTORE_PORT to one that is free (0 = any), or leave it out.',
    );
  }
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new CannotListen(
        `Port ${port} on ${host} is taken. Stop the other program, or set PORT (0 = any free one).`,
      );
    case 'EACCES':
      return new CannotListen(`Port ${port} may not be used by this user. Set PORT to one from 1024 on.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotListen(
        `This machine has no address "${host}". Set HOST to one that it has, for example 127.0.0.1.`,
      );
    default:
      return error;
  }
}

async function close(
  application: Application,
  offered: OfferedEventStore | undefined,
  engine: RapportEngine,
  log: Log,
): Promise<void> {
  log({ level: 'info', message: 'Shutting down' });
  removeServerFile(engine.data);
  await Promise.all([application.close(), offered?.close()]);
  await engine.close();
  log({ level: 'info', message: 'Stopped' });
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}
