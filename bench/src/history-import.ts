/** The history of a shop, imported from a CSV file by the command line, up to the settled stage counts. */
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { rapport } from './command';
import type { Bench, BenchContext, Measurement } from './figure';
import { customerId, seeded } from './touchpoints';
import { parseMicroseconds } from './yardsticks';

const ROWS_PER_CUSTOMER = 10;
const YEARS_MS = 2 * 365 * 86_400_000;
const ROWS_WRITTEN_AT_ONCE = 10_000;

const MAPPING = `name: bench-till
format: csv
zone: Europe/London
touchpoint:
  customerId: '{customer}'
  touchpointId: 'r-{receipt}'
  type: purchase.completed
  channel: store
  source: till
  occurredAt: { column: at, format: 'yyyy-MM-dd HH:mm:ss' }
  properties:
    value: { column: value, type: number }
    units: { column: units, type: integer }
`;

async function writeRows(file: string, rows: number): Promise<void> {
  const random = seeded(9);
  const out = createWriteStream(file);
  out.write('receipt,customer,at,value,units\n');
  const end = Date.now() - 86_400_000;
  for (let row = 0; row < rows;) {
    let text = '';
    for (const stop = Math.min(rows, row + ROWS_WRITTEN_AT_ONCE); row < stop; row++) {
      const at = new Date(end - random() * YEARS_MS).toISOString().slice(0, 19).replace('T', ' ');
      const customer = customerId(Math.floor(random() * (rows / ROWS_PER_CUSTOMER)));
      text += `${row},${customer},${at},${(random() * 200).toFixed(2)},${1 + Math.floor(random() * 5)}\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function historyImport(context: BenchContext): Promise<Measurement> {
  const rows = context.quick ? 100_000 : 1_000_000;
  const data = join(context.folder, 'data');
  const file = join(context.folder, 'receipts.csv');
  const mapping = join(context.folder, 'till.yaml');
  writeFileSync(mapping, MAPPING);
  await writeRows(file, rows);
  const imported = await rapport(['import', file, '--map', mapping, '--data', data], context.profileFolder);
  context.note(imported.output.trim().split('\n').slice(-12).join('\n    '));
  const rebuilt = await rapport(['rebuild', '--data', data]);
  return {
    perSecond: rows / imported.seconds,
    rebuildPerSecond: rows / rebuilt.seconds,
    peakMb: imported.peakMb,
    cpuMicroseconds: (imported.cpuSeconds * 1e6) / rows,
    parse: parseMicroseconds(),
  };
}

export const HISTORY_IMPORT: Bench = {
  name: 'history-import',
  title: 'History import of 1 M rows by the command line, settled',
  figures: [
    {
      key: 'perSecond',
      title: 'history import by CLI, settled',
      unit: 'rows/s',
      atLeast: 40_000,
      beside: (m) =>
        `${m.cpuMicroseconds!.toFixed(1)} us CPU each, ${(m.cpuMicroseconds! / m.parse!).toFixed(1)} x yardstick; rebuild of the same ${Math.round(m.rebuildPerSecond!)} /s; peak memory of the command ${m.peakMb!.toFixed(0)} MB`,
    },
  ],
  run: historyImport,
};
