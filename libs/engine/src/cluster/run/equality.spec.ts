/** The same inputs with the same ticks decide the same, in how many partitions they ever stand and whoever runs them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type LogReader, openLogReader } from '@rapport/event-store';
import { journeyStream, touchpointStream } from '../../partition';
import { readStream } from '../../loop/read-stream';
import { end, journeyLines, play, type Ran, script, steps, stepsWithPlays } from '../../loop/still-engine.fixture';
import { DOCUMENTS_WITH_PLAYS } from '../../loop/still-plays.fixture';
import { copyInputs } from '../copy-log.fixture';
import { EngineHost } from './engine-host';
import { Ownership } from './ownership';
import { type SqlitePorts, sqlitePorts } from './sqlite-ports.fixture';

/** More by RAPPORT_PROPERTY_RUNS. */
const RUNS = Number(process.env.RAPPORT_PROPERTY_RUNS ?? 2);
const PARTITIONS = 8;

function decisionsByCustomer(log: LogReader): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (let partition = 0; partition < log.meta().partitions; partition++) {
    for (const event of readStream(log, journeyStream(partition), 0)) {
      const text = `${Buffer.from(event.id).toString('hex')} ${event.type} ${Buffer.from(event.data).toString()}`;
      all.set(event.subject!, [...(all.get(event.subject!) ?? []), text]);
    }
  }
  return new Map([...all].sort());
}

async function untilShown(host: EngineHost, { log }: SqlitePorts): Promise<void> {
  const busy = (): boolean =>
    host.standing().some((own) => {
      if (own.state === 'stopped') throw new Error(own.detail);
      return own.state !== 'running' || own.lag > 0 || own.shown < own.position;
    });
  const heads = Array.from({ length: PARTITIONS }, (_, one) => log.streamHead(touchpointStream(one)));
  do await new Promise((done) => setTimeout(done, 20));
  while (busy());
  expect(heads).toHaveLength(host.standing().length);
}

/** `interrupt` runs between taking over and the end: owners may come and go. */
async function asCluster(
  ran: Ran,
  interrupt: (hosts: EngineHost[], ports: SqlitePorts) => Promise<void> = () => Promise.resolve(),
): Promise<{ decisions: Map<string, string[]>; dump: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-cluster-'));
  const source = openLogReader(ran.folder);
  copyInputs(source, folder, PARTITIONS);
  source.close();
  const ports = await sqlitePorts(folder, PARTITIONS);
  const host = new EngineHost(ports, () => undefined);
  const hosts = [host, new EngineHost(ports, () => undefined)];
  await interrupt(hosts, ports);
  await hosts[1]!.stop();
  for (let partition = 0; partition < PARTITIONS; partition++)
    if (!host.ownershipOf(partition)) host.own(new Ownership(partition, 9, Infinity));
  await untilShown(host, ports);
  await host.stop();
  const decisions = decisionsByCustomer(ports.log);
  const dump = ports.dump();
  await ports.close();
  rmSync(folder, { recursive: true });
  return { decisions, dump };
}

describe.each([
  ['journeys', steps, undefined],
  ['plays', stepsWithPlays, DOCUMENTS_WITH_PLAYS],
] as const)('partitions run each by itself: %s', (_, scripts, documents) => {
  it('decide as the embedded engine does, and show the same', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (raw) => {
        const ran = documents ? play(script(raw, documents), {}, undefined, documents[0]) : play(script(raw));
        const log = openLogReader(ran.folder);
        const embedded = decisionsByCustomer(log);
        log.close();
        const cluster = await asCluster(ran);
        expect(cluster.decisions).toEqual(embedded);
        expect(withoutPlaces(cluster.dump)).toEqual(withoutPlaces(ran.engine.dump()));
        end(ran);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('decide the same where owners give partitions back, and where they are taken from them', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 0, max: 40 }), async (raw, ms) => {
        const ran = documents ? play(script(raw, documents), {}, undefined, documents[0]) : play(script(raw));
        const log = openLogReader(ran.folder);
        const embedded = decisionsByCustomer(log);
        log.close();
        const cluster = await asCluster(ran, async ([first, second]) => {
          for (let partition = 0; partition < PARTITIONS; partition++)
            second!.own(new Ownership(partition, 1, Infinity));
          await new Promise((done) => setTimeout(done, ms));
          await second!.giveBack(0);
          await second!.lost(1);
          for (const partition of [0, 1]) first!.own(new Ownership(partition, 2, Infinity));
        });
        expect(cluster.decisions).toEqual(embedded);
        end(ran);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

/** Partition and counters of each are the cluster's own: those of all partitions together must agree. */
function withoutPlaces(dump: string[]): object[] {
  const lines = journeyLines(dump) as { model: string; partition?: number; customers?: number }[];
  const totals = new Map<string, number>();
  for (const { partition: _, customers = 0, ...cell } of lines.filter((row) => row.model === 'counter')) {
    const key = JSON.stringify(cell);
    totals.set(key, (totals.get(key) ?? 0) + customers);
  }
  const rows = lines.filter((row) => row.model !== 'counter').map(({ partition: _, ...row }) => row);
  const counted = [...totals]
    .filter(([, customers]) => customers > 0)
    .map(([cell, customers]) => ({ cell, customers }));
  return [...rows, ...counted].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
