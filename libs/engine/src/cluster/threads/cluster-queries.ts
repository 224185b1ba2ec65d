/** The process's end of its query thread. */
import { startWorker } from '@rapport/event-store';
import { QueryThread } from '../../embedded/query-thread';
import type { Query, QueryAnswer } from '../../rapport.types';
import type { ClusterQueryData } from './cluster-query.worker';
import type { OutcomesQuery } from './outcomes';
import type { StoresThread } from './stores-thread';

export class ClusterQueries {
  private constructor(private readonly thread: QueryThread) {}

  static start(data: Omit<ClusterQueryData, 'log'>, stores: StoresThread): ClusterQueries {
    const log = stores.line();
    const worker = startWorker('cluster-query.worker', __dirname, { ...data, log }, [log.port]);
    return new ClusterQueries(QueryThread.over(worker));
  }

  /** What became of inputs is asked by the process itself, of what it took. */
  ask(query: Query | OutcomesQuery): Promise<QueryAnswer> {
    return this.thread.ask(query);
  }

  stop(): Promise<void> {
    return this.thread.stop();
  }
}
