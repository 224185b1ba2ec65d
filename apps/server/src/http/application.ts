import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RapportEngine } from '@rapport/engine';
import type { FastifyInstance } from 'fastify';
import type { ServerConfiguration } from '../config/configuration';
import type { Log } from '../log/json-log';
import { NestLog } from '../log/nest-log';
import { RapportModule } from '../rapport.module';
import { LiveStreams } from '../stream/live-streams';
import { Admission } from './admission';
import { guard, makeAdapter } from './fastify-server';
import { HostGuard } from './host-guard';
import { Problem } from './problem';
import { ProblemFilter } from './problem.filter';

export interface Application {
  /** Listens; resolves with the port. */
  listen(): Promise<number>;
  /** Ends the streams, finishes what is being answered, closes every connection. The engine stays open. */
  close(): Promise<void>;
  /** For tests: the instance below, without a socket. */
  fastify: FastifyInstance;
}

export async function makeApplication(
  engine: RapportEngine,
  configuration: ServerConfiguration,
  log: Log,
): Promise<Application> {
  const rules = { ...configuration, publicUrl: configuration.messages.publicUrl };
  let hosts: HostGuard | undefined = new HostGuard(rules, configuration.port);
  const admission = new Admission(configuration.limits, () => hosts);
  const problems = new ProblemFilter(log);
  const adapter = makeAdapter(configuration.limits);
  const module = RapportModule.around({ engine, configuration, admission, problems });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(problems);
  const fastify = adapter.getInstance<FastifyInstance>();
  guard(fastify, configuration.limits, admission);
  if (configuration.cluster && !configuration.cluster.roles.includes('api')) onlyOperations(fastify, problems);
  await app.init();
  // Routes in a scope of their own are made now, not when the first request comes.
  await fastify.ready();
  return {
    fastify,
    listen: async () => {
      await app.listen(configuration.port, configuration.host);
      const address = fastify.server.address();
      const port = typeof address === 'object' && address !== null ? address.port : configuration.port;
      hosts = new HostGuard(rules, port);
      return port;
    },
    close: () => closeGracefully(app, fastify, configuration.limits.shutdownGraceMs),
  };
}

/** What a process of a cluster answers that has not the role `api`: how it stands, and nothing else. */
const OPERATIONS = /^\/(health\/|metrics)/;

function onlyOperations(fastify: FastifyInstance, problems: ProblemFilter): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (OPERATIONS.test(request.url)) return done();
    problems.answer(new Problem('notFound', 'This process of the cluster has not the role api.'), request, reply);
  });
}

/** How often connections that became idle are closed while the server ends. */
const CLOSE_IDLE_MS = 25;

/** New connections are refused at once; what is being answered is finished, but cut off where it takes longer than the grace. */
async function closeGracefully(app: NestFastifyApplication, fastify: FastifyInstance, graceMs: number): Promise<void> {
  app.get(LiveStreams).endAll();
  const idle = setInterval(() => fastify.server.closeIdleConnections(), CLOSE_IDLE_MS);
  const cut = setTimeout(() => fastify.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
