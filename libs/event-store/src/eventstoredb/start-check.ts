import { setTimeout as sleep } from 'node:timers/promises';

import type { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';

import type { AppendLane } from './append-lane';
import { closeClient } from './connection';
import type { ServerEvent } from './event-mapping';
import { APPEND_BYTES_MAX, EVENT_OVERHEAD_BYTES, type Timeouts } from './limits';
import type { Reader } from './reader';
import { failureOf, isDenied } from './server-answers';
import { ServerUnfit } from './server-errors';
import { LATE, within } from './time-limit';

/** The first one that tells a subscription when it has caught up. */
const VERSION_MIN = { major: 23, minor: 10 };
const LOOK_MS = 250;
const PROBE_STREAM = 'rapport-probe';
/** No stream gets this far, so nothing is ever stored. */
const PROBE_REVISION = 2 ** 40;
const PROBE_ID = '00000000-0000-4000-8000-000000000000';

interface Capabilities {
  serverVersion: string;
  supports(method: { path: string }): boolean;
}

export interface ServerFacts {
  version: string;
}

/**
 * Waits until the server is ready (it answers "not ready" for seconds after it took the first connection), then asks for what the adapter needs: a
 * version, appends in batches of nearly 1 MiB, the right to read $all and to append. Stores nothing. Throws ServerUnfit.
 */
export class StartCheck {
  constructor(
    private readonly where: string,
    private readonly make: () => EventStoreDBClient,
    private readonly lane: AppendLane,
    private readonly reader: Reader,
    private readonly timeouts: Timeouts,
  ) {}

  async run(): Promise<ServerFacts> {
    const version = await this.whenReady(() => this.version());
    await this.mayRead();
    await this.whenReady(() => this.takesAppends());
    return { version };
  }

  /** Tries until there is an answer; `undefined` = not yet. */
  private async whenReady<T>(look: () => Promise<{ value: T } | { notYet: string }>): Promise<T> {
    const until = performance.now() + this.timeouts.startMs;
    for (;;) {
      const answer = await look();
      if ('value' in answer) return answer.value;
      if (performance.now() + LOOK_MS > until)
        throw this.unfit(
          `it did not get ready in ${this.timeouts.startMs} ms; at last: ${answer.notYet}. Is it running there, and does tls= in the connection string say what it speaks?`,
        );
      await sleep(LOOK_MS);
    }
  }

  private async version(): Promise<{ value: string } | { notYet: string }> {
    const client = this.make();
    try {
      const features = await within(capabilitiesOf(client), this.timeouts.readMs);
      if (features === LATE) return { notYet: `no answer for ${this.timeouts.readMs} ms` };
      const version = features.serverVersion;
      this.checkVersion(version);
      if (!features.supports(StreamsService.batchAppend))
        throw this.unfit('it does not offer BatchAppend, or takes no appends at all. Open it for writing.');
      return { value: version };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'unknown') return { notYet: failure.detail };
      throw this.refused('asking for its version', error);
    } finally {
      await closeClient(client);
    }
  }

  private checkVersion(version: string): void {
    const [, major, minor] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
    if (major === undefined || minor === undefined)
      throw this.unfit(`it names its version "${version}". Use EventStoreDB 23.10 or newer, or KurrentDB.`);
    const old = major < VERSION_MIN.major || (major === VERSION_MIN.major && minor < VERSION_MIN.minor);
    if (old) throw this.unfit(`it is version ${version}; 23.10 is the oldest that will do. Upgrade it.`);
  }

  private async mayRead(): Promise<void> {
    try {
      await this.reader.head();
    } catch (error) {
      throw this.refused('reading $all', error instanceof Error && error.cause !== undefined ? error.cause : error);
    }
  }

  private async takesAppends(): Promise<{ value: true } | { notYet: string }> {
    const outcome = await this.lane.send({
      stream: PROBE_STREAM,
      expected: { revision: PROBE_REVISION },
      events: [probe()],
    });
    if (outcome.kind === 'wrongRevision') return { value: true };
    if (outcome.kind === 'unknown') return { notYet: outcome.detail };
    throw this.unfit(
      outcome.kind === 'refused' ? `it refused an append: ${outcome.detail}` : 'it stored what it must refuse.',
    );
  }

  private refused(what: string, error: unknown): ServerUnfit {
    if (error instanceof ServerUnfit) return error;
    if (isDenied(error))
      return this.unfit(
        `${what} was denied. Put a user with that right into the connection string (only $admins may read $all by default).`,
      );
    const failure = failureOf(error);
    return this.unfit(`${what} failed: ${failure.kind === 'wrongRevision' ? failure.kind : failure.detail}`);
  }

  private unfit(problem: string): ServerUnfit {
    return new ServerUnfit(this.where, problem);
  }
}

/** The client keeps what it knows of the server to itself and its subclasses; there is no other way to the version. */
function capabilitiesOf(client: EventStoreDBClient): Promise<Capabilities> {
  return (client as unknown as { capabilities: Promise<Capabilities> }).capabilities;
}

/** One event as large as the adapter ever makes one. */
function probe(): ServerEvent {
  const type = 'Probe';
  const data = new Uint8Array(APPEND_BYTES_MAX - EVENT_OVERHEAD_BYTES - type.length);
  return { id: PROBE_ID, type, json: false, data, metadata: new Uint8Array(0), bytes: APPEND_BYTES_MAX };
}
