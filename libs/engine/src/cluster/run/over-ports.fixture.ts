/** What specs ask of partitions that are run each by itself: the decisions of each customer, and the rows without their places. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogReader, openLogReader } from '@rapport/event-store';
import { EVENT } from '../../loop/control-events';
import { journeyStream, touchpointStream } from '../../partition';
import { readStream } from '../../loop/read-stream';
import { journeyLines, type Ran } from '../../loop/still-engine.fixture';
import { copyInputs } from '../copy-log.fixture';
import { EngineHost } from './engine-host';
import { Ownership } from './ownership';
import type { RunPorts } from './partition-run';

export interface TestPorts extends RunPorts {
  dump(): string[];
  close(): Promise<void>;
}
export type OpenPorts = (folder: string, partitions: number) => Promise<TestPorts>;

export interface Ended {
  decisions: Map<string, string[]>;
  dump: string[];
}

/** Decided when a control event is through with a customer, whichever event of its continuations that is. */
const OF_CONTROLS = /"cause":\{"kind":"(?:settling|definition|timer)"/;

/**
 * Ids and bytes. A cap cuts elsewhere where fewer customers share a partition: what one log decides by a continuation, another decides by its
 * first event. That is the same decision, but its id is made of its cause too; so such decisions of such logs come without their ids.
 */
export function decisionsByCustomer(log: LogReader): Map<string, string[]> {
  const all = new Map<string, string[]>();
  const cut = holdsContinuation(log);
  for (let partition = 0; partition < log.meta().partitions; partition++) {
    for (const event of readStream(log, journeyStream(partition), 0)) {
      const text = `${event.type} ${Buffer.from(event.data).toString()}`;
      const id = cut && OF_CONTROLS.test(text) ? 'by a control event' : Buffer.from(event.id).toString('hex');
      all.set(event.subject!, [...(all.get(event.subject!) ?? []), `${id} ${text}`]);
    }
  }
  return new Map([...all].sort());
}

function holdsContinuation(log: LogReader): boolean {
  for (let partition = 0; partition < log.meta().partitions; partition++)
    for (const { type, data } of readStream(log, touchpointStream(partition), 0))
      if (type !== EVENT.touchpointRecorded && 'continues' in (JSON.parse(Buffer.from(data).toString()) as object))
        return true;
  return false;
}

export function decisionsOf(ran: Ran): Map<string, string[]> {
  const log = openLogReader(ran.folder);
  const decisions = decisionsByCustomer(log);
  log.close();
  return decisions;
}

/** Whoever needs longer waits for something that does not come. */
const SHOWN_MS_MAX = 60_000;
const LOOK_MS = 20;

async function untilShown(host: EngineHost, partitions: number): Promise<void> {
  for (let waited = 0; ; waited += LOOK_MS) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    const standing = host.standing();
    const stopped = standing.find((own) => own.state === 'stopped');
    if (stopped) throw new Error(stopped.detail);
    const busy = standing.some((own) => own.state !== 'running' || own.lag > 0 || own.shown < own.position);
    if (!busy && standing.length === partitions) return;
    if (waited >= SHOWN_MS_MAX) throw new Error(`not shown: ${JSON.stringify(standing)}`);
  }
}

/** `interrupt` runs between taking over and the end: owners may come and go. */
export async function runPartitions(
  ran: Ran,
  partitions: number,
  open: OpenPorts,
  interrupt: (hosts: EngineHost[]) => Promise<void> = () => Promise.resolve(),
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-cluster-'));
  const source = openLogReader(ran.folder);
  copyInputs(source, folder, partitions);
  source.close();
  const ports = await open(folder, partitions);
  const hosts = [0, 1].map(() => new EngineHost(ports, () => undefined));
  try {
    await interrupt(hosts);
    const [host, other] = hosts as [EngineHost, EngineHost];
    await other.stop();
    for (let partition = 0; partition < partitions; partition++)
      if (!host.ownershipOf(partition)) host.own(new Ownership(partition, 9, Infinity));
    await untilShown(host, partitions);
    await host.stop();
    return { decisions: decisionsByCustomer(ports.log), dump: ports.dump() };
  } finally {
    for (const host of hosts) await host.stop();
    await ports.close();
    rmSync(folder, { recursive: true });
  }
}

/** Partition and counters of each are the cluster's own: those of all partitions together must agree. */
export function withoutPlaces(dump: string[]): object[] {
  const lines = journeyLines(dump) as { model: string; partition?: number; customers?: number }[];
  const totals = new Map<string, number>();
  for (const row of lines.filter(({ model }) => model === 'counter')) {
    const key = JSON.stringify({ ...row, partition: 0, customers: 0 });
    totals.set(key, (totals.get(key) ?? 0) + (row.customers ?? 0));
  }
  const rows = lines.filter(({ model }) => model !== 'counter').map((row) => ({ ...row, partition: 0 }));
  const counted = [...totals]
    .filter(([, customers]) => customers > 0)
    .map(([cell, customers]) => ({ cell, customers }));
  return [...rows, ...counted].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
