/**
 * A worker as a process of its own, and a careless one: it never asks itself whether its lease is over, but writes as fast as it can. It says in lines of
 * JSON what it holds and what was acknowledged. Arguments: one, JSON of ChildArguments.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { customer, flush } from '../contract/rows';
import type { MongoSettings } from './mongo-settings';
import { FencedError } from './fenced-error';
import { openMongoThread } from './mongo-thread';

export interface ChildArguments {
  settings: MongoSettings;
  worker: string;
  leaseMs: number;
  generation: number;
}
export type ChildSays =
  | { says: 'owns'; token: number }
  | { says: 'wrote'; id: string }
  | { says: 'fenced'; renewed: number }
  | { says: 'released' };

const PARTITION = 0;
const BETWEEN_MS = 20;

function say(line: ChildSays): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main({ settings, worker, leaseMs, generation }: ChildArguments): Promise<void> {
  const thread = await openMongoThread(settings);
  const leases = thread.leases('engine', 1);
  let taken = await leases.take(PARTITION, worker, leaseMs);
  for (; !taken; taken = await leases.take(PARTITION, worker, leaseMs)) await pause(BETWEEN_MS);
  const { token } = taken;
  say({ says: 'owns', token });
  const held = [{ partition: PARTITION, token }];
  const renewing = setInterval(() => void leases.renew(worker, held, leaseMs), leaseMs / 3);
  let leaving = false;
  process.once('SIGTERM', () => (leaving = true));
  try {
    const writer = await thread.writer(generation, { partition: PARTITION, token });
    const reader = thread.engineReader(generation, PARTITION);
    for (let n = reader.checkpoint()?.position ?? 0; !leaving; await pause(BETWEEN_MS)) {
      const id = `${worker}-${++n}`;
      await writer.write(flush(n, { customers: [customer(n, { customerId: id, partition: PARTITION })] }));
      say({ says: 'wrote', id });
    }
    await leases.release(PARTITION, worker, token);
    say({ says: 'released' });
  } catch (error) {
    if (!(error instanceof FencedError)) throw error;
    say({ says: 'fenced', renewed: (await leases.renew(worker, held, leaseMs)).length });
  } finally {
    clearInterval(renewing);
    await thread.close();
  }
}

void main(JSON.parse(process.argv[2] ?? '{}') as ChildArguments);
