/** Webhooks from the touchpoint to a receiver on loopback that answers at once: decided, signed, sent, and their outcomes in the log. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Bench, BenchContext, Measurement } from '../figure';
import { batches } from '../ingest';
import { makeLoad, mustBeWhole } from '../load/load';
import { processSeconds } from '../machine';
import { pause, ServerProcess } from '../server-process';

const WEBHOOKS = 10_000;
const QUICK_WEBHOOKS = 4_000;
const WAIT_MS_MAX = 60_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Everybody once, at any hour, without a limit: what is measured is the sending. */
const PLAY = `name: tell-the-crm
why: another program wants to know
owner: crm
purpose: service
on: { touchpoint: { source: [shop] } }
steps: [ { tell: lead, by: webhook } ]
`;
const GUARDS = `caps: []
quiet: { from: "00:00", until: "00:00", weekdays: [mon, tue, wed, thu, fri, sat, sun] }
`;
const TEAMS = '- name: crm\n';

class Receiver {
  taken = 0;
  lastAt = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      request.resume();
      request.on('end', () => {
        this.taken += 1;
        this.lastAt = performance.now();
        response.end('ok');
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver(createServer());
    await new Promise<void>((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function writePlays(folder: string): string {
  const plays = join(folder, 'plays-of-bench');
  mkdirSync(join(plays, 'plays'), { recursive: true });
  writeFileSync(join(plays, 'plays', 'tell-the-crm.yaml'), PLAY);
  writeFileSync(join(plays, 'guards.yaml'), GUARDS);
  writeFileSync(join(plays, 'teams.yaml'), TEAMS);
  return plays;
}

async function effectsLive(server: ServerProcess): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/v1/effects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ all: 'live', by: 'bench' }),
  });
  if (!answer.ok) throw new Error(`Effects could not be switched: ${answer.status} ${await answer.text()}`);
}

async function deliver(server: ServerProcess, receiver: Receiver, total: number): Promise<Measurement> {
  const cpu = processSeconds(server.pid);
  const started = performance.now();
  const plan = batches(total, { from: 0, count: total, order: 'sequence' });
  const result = await makeLoad({ ...plan, port: server.port, seed: 77 });
  mustBeWhole(result, total);
  while (receiver.taken < total && performance.now() - started < WAIT_MS_MAX) await pause(5);
  if (receiver.taken < total) throw new Error(`Only ${receiver.taken} of ${total} webhooks came in ${WAIT_MS_MAX} ms.`);
  const cpuMicroseconds = ((processSeconds(server.pid) - cpu) * 1e6) / total;
  return { perSecond: (total * 1000) / (receiver.lastAt - started), cpuMicroseconds, ingestSeconds: result.seconds };
}

async function measure(context: BenchContext): Promise<Measurement> {
  const receiver = await Receiver.start();
  const server = await ServerProcess.start({
    data: join(context.folder, 'data'),
    profileFolder: context.profileFolder,
    environment: {
      RAPPORT_PLAYS: writePlays(context.folder),
      RAPPORT_ALLOW_ADDRESSES: '127.0.0.1',
      RAPPORT_WEBHOOKS: JSON.stringify({ default: { url: receiver.url, secret: SECRET } }),
    },
  });
  try {
    await effectsLive(server);
    return await deliver(server, receiver, context.quick ? QUICK_WEBHOOKS : WEBHOOKS);
  } finally {
    await server.stop();
    receiver.stop();
  }
}

export const WEBHOOK_DELIVERY: Bench = {
  name: 'webhooks',
  title: 'Webhooks to a receiver on loopback: from the touchpoint to the answer, signed, one destination',
  runs: 1,
  figures: [
    {
      key: 'perSecond',
      title: 'webhooks delivered, one destination',
      unit: '/s',
      beside: (m) =>
        `${m.cpuMicroseconds!.toFixed(0)} us CPU each; their touchpoints were taken in ${m.ingestSeconds!.toFixed(1)} s`,
    },
  ],
  run: measure,
};
