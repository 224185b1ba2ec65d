/** What the machine can do at this moment, measured beside each figure: the ratios outlive the hardware. */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './figure';
import { customerId, seeded, template, TOUCHPOINT_BYTES } from './touchpoints';

const TEXTS = 2_000;
const WARM_UP_MS = 100;
const SLICES = 7;
const SLICE_MS = 60;
const APPEND_EVENTS = 200_000;
const APPEND_GROUP = 400;

/** Microseconds of processor time that JSON.parse takes for one touchpoint: the median of some slices, for single ones swing. */
export function parseMicroseconds(): number {
  const random = seeded(1);
  const texts = Array.from({ length: TEXTS }, (_, i) => template(random).text.replace(customerId(0), customerId(i)));
  parseFor(texts, WARM_UP_MS);
  return median(Array.from({ length: SLICES }, () => parseFor(texts, SLICE_MS)));
}

function parseFor(texts: string[], ms: number): number {
  let parsed = 0;
  let letters = 0;
  const until = performance.now() + ms;
  const before = process.cpuUsage();
  while (performance.now() < until) {
    for (const text of texts) letters += (JSON.parse(text) as { type: string }).type.length;
    parsed += texts.length;
  }
  const used = process.cpuUsage(before);
  if (letters === 0) throw new Error('The yardstick parsed nothing.');
  return (used.user + used.system) / parsed;
}

/** Events a second that a plain file takes, in groups of APPEND_GROUP with an fdatasync each. */
export function appendsPerSecond(folder: string): number {
  const path = join(folder, 'plain-append');
  const file = openSync(path, 'w');
  const group = Buffer.alloc(APPEND_GROUP * TOUCHPOINT_BYTES, 'x');
  const started = process.hrtime.bigint();
  for (let done = 0; done < APPEND_EVENTS; done += APPEND_GROUP) {
    writeSync(file, group);
    fdatasyncSync(file);
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  closeSync(file);
  unlinkSync(path);
  return APPEND_EVENTS / seconds;
}
