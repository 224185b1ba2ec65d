/** A process of a cluster, for tests that pause and end it: `node cluster-child.fixture.js <options as JSON>`. Prints `ready` once it is open. */
import type { ClusterOptions } from '../cluster.types';
import { openClusterRapport } from '../cluster-rapport';

async function main(options: ClusterOptions): Promise<void> {
  const rapport = await openClusterRapport({
    ...options,
    log: ({ level, message }) => process.stderr.write(`${process.pid} ${level}: ${message}\n`),
  });
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => void rapport.close().then(() => process.exit(0)));
}

main(JSON.parse(process.argv[2] ?? '{}') as ClusterOptions).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
