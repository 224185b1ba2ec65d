/** What Prometheus reads of each partition of a cluster: every process shows all of them, as it sees them. */
import type { RapportEngine } from '@rapport/engine';
import { Gauge, type Registry } from 'prom-client';

export function addPartitionMetrics(registry: Registry, engine: RapportEngine): void {
  new Gauge({
    name: 'rapport_partition_lag_events',
    help: 'Inputs of a partition that the read models do not show yet. Owner: the worker that folds it, empty = nobody.',
    labelNames: ['partition', 'owner'],
    registers: [registry],
    collect(): void {
      this.reset();
      for (const { partition, owner, lagEvents } of engine.status().partitions ?? [])
        this.set({ partition, owner }, lagEvents);
    },
  });
  new Gauge({
    name: 'rapport_partition_position',
    help: 'Position of the log that the read models show of a partition.',
    labelNames: ['partition'],
    registers: [registry],
    collect(): void {
      this.reset();
      for (const { partition, position } of engine.status().partitions ?? []) this.set({ partition }, position);
    },
  });
  new Gauge({
    name: 'rapport_partition_stopped',
    help: '1 for a partition of this process that cannot go on; its log says why. The others go on.',
    labelNames: ['partition'],
    registers: [registry],
    collect(): void {
      this.reset();
      for (const { partition, trouble } of engine.status().partitions ?? [])
        if (trouble !== undefined) this.set({ partition }, 1);
    },
  });
}
