import { status, type Metadata, type StatusObject } from '@grpc/grpc-js';

import { accessDenied, EndpointError, statusOf } from './endpoint-error';
import type { EndpointFaults, EndpointOptions } from './endpoint.types';

/** What every kind of call can do. */
interface AnyCall {
  readonly cancelled: boolean;
  getPath(): string;
  getHost(): string;
}

/** A call whose answers are written one by one. */
interface StreamingCall extends AnyCall {
  emit(event: 'error', status: StatusObject): boolean;
  end(trailers?: Metadata): void;
}

type Respond = (error: StatusObject | null, answer?: Buffer) => void;

/** Runs the calls, says how each one ended, and ends those that are open when the endpoint closes. */
export class OpenCalls {
  private readonly ends = new Set<(why: EndpointError) => void>();

  constructor(private readonly options: Pick<EndpointOptions, 'allowsHost' | 'faults' | 'say'>) {}

  /** Ends the call when the work is done, unless it does so itself. */
  stream(call: StreamingCall, work: () => Promise<void>, endsItself = false): void {
    let open = true;
    const end = (error?: unknown): void => {
      if (!open) return;
      open = false;
      this.ends.delete(end);
      if (call.cancelled) return;
      if (error !== undefined) call.emit('error', this.told(call, error));
      else if (!endsItself) call.end();
    };
    this.ends.add(end);
    this.admitted(call, work).then(() => end(), end);
  }

  /** One answer. */
  unary(call: AnyCall, respond: Respond, work: () => Promise<Buffer>): void {
    this.admitted(call, work).then(
      (answer) => respond(null, answer),
      (error: unknown) => respond(this.told(call, error)),
    );
  }

  closeAll(): void {
    const why = new EndpointError(status.UNAVAILABLE, 'The server is shutting down.');
    for (const end of [...this.ends]) end(why);
  }

  private async admitted<T>(call: AnyCall, work: () => Promise<T>): Promise<T> {
    const { allowsHost, faults } = this.options;
    if (allowsHost !== undefined && !allowsHost(call.getHost()))
      throw accessDenied(
        `The host "${call.getHost()}" is not answered here. Use localhost with the port, or name the host in RAPPORT_ALLOWED_HOSTS.`,
      );
    if (faults !== undefined) await suffer(faults, call.getPath());
    return work();
  }

  private told(call: AnyCall, error: unknown): StatusObject {
    if (!(error instanceof EndpointError) && !call.cancelled)
      this.options.say?.(
        `${call.getPath()} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    return statusOf(error);
  }
}

async function suffer(faults: EndpointFaults, path: string): Promise<void> {
  const fault = faults(path);
  if (fault === 'none') return;
  if (fault === 'hang') return new Promise(() => undefined);
  if (fault === 'kill') throw new EndpointError(status.UNAVAILABLE, 'Connection dropped');
  await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
}
