/** A running server, over its HTTP API. */
import type { ChannelsNow, EmailReport, Query } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import type { ArmView, EffectsChange, EffectsView, StatusView } from '../../../server/src/index';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import type { BatchAnswer, BatchItem } from '../import/batch';
import { commandRequest, pausePath } from './command-request';
import { queryPath } from './query-path';
import { pause, type Pause, TARGET_BUSY_MS_MAX, type Target, type TargetAnswer, type TargetFigures } from './target';

const REQUEST_MS_MAX = 60_000;
const RETRY_FIRST_MS = 250;
const RETRY_MS_MAX = 5_000;

interface HttpAnswer {
  status: number;
  body: string;
}

interface IngestBody {
  position: number;
  results: { status: string; error?: { detail?: string } }[];
}

export class HttpTarget implements Target {
  readonly name: string;

  constructor(
    readonly url: string,
    readonly data: string | undefined,
  ) {
    this.name = `the server at ${url}`;
  }

  readonly send = async (items: readonly BatchItem[]): Promise<BatchAnswer> => {
    const answer = await this.request('POST', '/v1/touchpoints', JSON.stringify(items.map((item) => item.sent)));
    // 422 = all were refused: the results say why, as with 207.
    if (answer.status !== 200 && answer.status !== 207 && answer.status !== 422) throw refusal(answer);
    const body = JSON.parse(answer.body) as Partial<IngestBody>;
    if (body.results?.length !== items.length) throw refusal(answer);
    const rejected = body.results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ index, reason: result.error?.detail ?? 'the server refused it' }] : [],
    );
    return { position: rejected.length === items.length ? 0 : (body.position ?? 0), rejected };
  };

  async query(query: Query): Promise<TargetAnswer> {
    const answer = await this.request('GET', queryPath(query));
    if (answer.status !== 200 && answer.status !== 404) throw refusal(answer);
    const { position } = JSON.parse(answer.body) as { position?: number };
    return { found: answer.status === 200, position: position ?? 0, json: answer.body };
  }

  settle(): Promise<number> {
    return this.post('/v1/history/settle', {});
  }

  async retryParked(position: number): Promise<number | undefined> {
    const answer = await this.request('POST', `/v1/parked/${position}/retry`, '{}');
    if (answer.status === 404 || answer.status === 409) return undefined;
    return positionOf(answer);
  }

  judgeClock(believe: boolean): Promise<number> {
    return this.post('/v1/clock', { believe });
  }

  async command(command: PlayCommand, customerId?: string): Promise<number> {
    const { path, body } = commandRequest(command, customerId);
    return positionOf(await this.onlyOnce(path, body));
  }

  async pause(pause: Pause): Promise<number> {
    const answer = await this.request('POST', pausePath(pause), JSON.stringify({ by: pause.by }));
    return positionOf(answer);
  }

  receive({ at, ...report }: EmailReport): Promise<number> {
    return this.post('/v1/inbound/email', { ...report, at: new Date(at).toISOString() });
  }

  async channels(): Promise<ChannelsNow> {
    const answer = await this.request('GET', '/v1/channels');
    if (answer.status !== 200) throw refusal(answer);
    return JSON.parse(answer.body) as ChannelsNow;
  }

  async figures(): Promise<TargetFigures> {
    const { status, body } = await this.request('GET', '/metrics');
    if (status !== 200) throw refusal({ status, body });
    return {
      duplicates: metric(body, 'rapport_duplicates_total'),
      parked: metric(body, 'rapport_parked_inputs'),
      head: metric(body, 'rapport_log_head_position'),
    };
  }

  status(): Promise<StatusView> {
    return this.view('GET', '/v1/status');
  }

  effects(): Promise<EffectsView> {
    return this.view('GET', '/v1/effects');
  }

  setEffects(change: EffectsChange): Promise<EffectsView> {
    return this.view('POST', '/v1/effects', change);
  }

  arm(by: string): Promise<ArmView> {
    return this.view('POST', '/v1/arm', { by });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async view<View>(method: string, path: string, body?: object): Promise<View> {
    const answer = await this.request(method, path, body && JSON.stringify(body));
    if (answer.status !== 200) throw refusal(answer);
    return JSON.parse(answer.body) as View;
  }

  private async post(path: string, body: object): Promise<number> {
    return positionOf(await this.request('POST', path, JSON.stringify(body)));
  }

  /** For commands: a second one would be refused although the first was followed. */
  private async onlyOnce(path: string, body: object): Promise<HttpAnswer> {
    const answer = await this.once('POST', path, JSON.stringify(body));
    if (typeof answer !== 'string' && answer.status !== 429 && answer.status !== 503) return answer;
    const why = typeof answer === 'string' ? answer : detailOf(answer);
    throw new CommandFailed(EXIT.unavailable, `The server at ${this.url} does not take the command: ${why}`);
  }

  /** Every request that comes here may be sent twice without harm, so whatever looks like a passing trouble is tried again. */
  private async request(method: string, path: string, body?: string): Promise<HttpAnswer> {
    const until = performance.now() + TARGET_BUSY_MS_MAX;
    for (let wait = RETRY_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_MS_MAX)) {
      const answer = await this.once(method, path, body);
      const busy = typeof answer === 'string' || answer.status === 429 || answer.status === 503;
      if (!busy) return answer;
      if (performance.now() + wait > until) {
        const why = typeof answer === 'string' ? answer : detailOf(answer);
        throw new CommandFailed(EXIT.unavailable, `The server at ${this.url} does not take the request: ${why}`);
      }
      await pause(wait);
    }
  }

  /** The answer, or why there is none. */
  private async once(method: string, path: string, body: string | undefined): Promise<HttpAnswer | string> {
    try {
      const response = await fetch(this.url + path, {
        method,
        ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
      return cause || (error instanceof Error ? error.message : String(error));
    }
  }
}

function positionOf(answer: HttpAnswer): number {
  if (answer.status !== 200) throw refusal(answer);
  return (JSON.parse(answer.body) as { position: number }).position;
}

/** The problem document's detail, or the beginning of whatever came instead. */
function detailOf({ status, body }: HttpAnswer): string {
  try {
    const problem = JSON.parse(body) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? `status ${status}`;
  } catch {
    return `status ${status} ${body.slice(0, 200)}`;
  }
}

const EXIT_OF_STATUS: { readonly [status: number]: ExitCode } = {
  400: EXIT.usage,
  404: EXIT.notFound,
  409: EXIT.conflict,
  422: EXIT.usage,
};

function refusal(answer: HttpAnswer): CommandFailed {
  return new CommandFailed(
    EXIT_OF_STATUS[answer.status] ?? EXIT.failure,
    `The server refused the request: ${detailOf(answer)}`,
  );
}

function metric(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
