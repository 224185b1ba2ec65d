/** `rapport verify`: is the log whole, and does the evidence of every decision hold? */
import { openLogReader, type LogReader, verifyLog } from '@rapport/event-store';
import { ClockGuard } from '../loop/clock-guard';
import { type ParkedRetried } from '../loop/control-events';
import { Definitions } from '../loop/definitions';
import { textOf } from '../loop/log-sources';
import { newPartition } from '../loop/partition-state';
import { journeyStream, touchpointStream } from '../partition';
import { gather, PASS_BYTES_MAX } from '../rebuild/partition-inputs';
import { verifyActions, verifyPermissions } from './action-evidence';
import { CustomerEvidence } from './customer-evidence';

/** Problems that are named; further ones are only counted. */
export const PROBLEMS_NAMED_MAX = 100;
const EVENT_BYTES_TYPICAL = 400;

export interface VerifyReport {
  events: number;
  chunks: number;
  customers: number;
  decisions: number;
  /** Requested of dispatch. */
  actions: number;
  problemCount: number;
  problems: string[];
  seconds: number;
}

export interface VerifyProgress {
  phase: 'log' | 'evidence';
  done: number;
  total: number;
}

export function verifyStore(
  data: string,
  progress: (progress: VerifyProgress) => void = () => undefined,
): VerifyReport {
  const started = performance.now();
  const log = openLogReader(data);
  const report: VerifyReport = {
    events: 0,
    chunks: 0,
    customers: 0,
    decisions: 0,
    actions: 0,
    problemCount: 0,
    problems: [],
    seconds: 0,
  };
  const problem = (text: string): void => {
    report.problemCount++;
    if (report.problems.length < PROBLEMS_NAMED_MAX) report.problems.push(text);
  };
  try {
    const integrity = verifyLog(log, (done, total) => progress({ phase: 'log', done, total }));
    report.events = integrity.events;
    report.chunks = integrity.chunks;
    for (const text of integrity.problems) problem(text);
    // Evidence of a damaged log would only repeat the damage.
    if (report.problemCount === 0) {
      verifyEvidence(log, report, problem, progress);
      for (let own = 0; own < log.meta().partitions; own++) report.actions += verifyActions(log, own, problem);
      verifyPermissions(log, problem);
    }
  } finally {
    log.close();
  }
  report.seconds = (performance.now() - started) / 1_000;
  return report;
}

/** Checks the evidence of every decision in the log. */
export function verifyEvidence(
  log: LogReader,
  report: Pick<VerifyReport, 'customers' | 'decisions'>,
  problem: (text: string) => void,
  progress: (progress: VerifyProgress) => void,
): void {
  const { partitions } = log.meta();
  const definitions = Definitions.read(log);
  const until = log.head().position;
  const sources = {
    definition: (version: number) => definitions.get(version).definition,
    retried: (data: string) => {
      const { position } = JSON.parse(data) as ParkedRetried;
      const [event] = log.at([position]);
      if (!event) throw new Error(`a retry names position ${position}, which the log does not hold`);
      return { ...textOf(event), position };
    },
  };
  for (let partition = 0; partition < partitions; partition++) {
    const events = log.streamHead(touchpointStream(partition)) + 1;
    const passes = Math.max(1, Math.ceil((events * EVENT_BYTES_TYPICAL) / PASS_BYTES_MAX));
    const journeyRevision = log.streamHead(journeyStream(partition));
    for (let pass = 0; pass < passes; pass++) {
      const share = { pass, of: passes };
      const gathered = gather({
        log,
        clock: new ClockGuard(log),
        partition: newPartition(partition),
        share,
        until,
        journeyRevision,
      });
      const evidence = new CustomerEvidence(gathered, sources, problem);
      gathered.customerIds.forEach((customerId, customer) => evidence.check(customer, customerId));
      report.customers += gathered.customerIds.length;
      report.decisions += evidence.decisions;
    }
    progress({ phase: 'evidence', done: partition + 1, total: partitions });
  }
}
