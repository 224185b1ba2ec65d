import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';

/**
 * Starts a worker thread from its entry file, `<name>.js` in this folder. Where the sources run unbuilt (tests) it takes the built file, so `npm run build`
 * must have run.
 */
export function startWorker(
  name: string,
  dirname: string,
  workerData: unknown,
  transferList: Transferable[] = [],
  resourceLimits: ResourceLimits = {},
): Worker {
  return new Worker(entryFile(name, dirname), { workerData, transferList, name, resourceLimits });
}

function entryFile(name: string, dirname: string): string {
  const beside = join(dirname, `${name}.js`);
  if (existsSync(beside)) return beside;
  const built = beside.replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`);
  if (existsSync(built)) return built;
  throw new Error(`The worker ${name} is not built: neither ${beside} nor ${built} exists. Run npm run build.`);
}
