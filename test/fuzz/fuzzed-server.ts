/** The real server under fire, and the account of what it said it stored. */
import { ServerProcess } from '../http/server-process';
import { answersIn, exchange } from './raw-http';
import type { RawAnswer } from './raw-http';

const RUNS = Number(process.env['RAPPORT_FUZZ_RUNS'] ?? 150);
const SEED = process.env['RAPPORT_TEST_SEED'];
/** RAPPORT_TEST_SEED repeats a run; RAPPORT_FUZZ_RUNS makes it longer. */
export const BOUNDED = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
export const JSON_HEADER = 'Content-Type: application/json\r\n';

export class FuzzedServer {
  /** Touchpoints that answers called accepted. */
  accepted = 0;

  private constructor(readonly process: ServerProcess) {}

  static async start(): Promise<FuzzedServer> {
    const timeouts = { RAPPORT_HEADERS_TIMEOUT_MS: '1500', RAPPORT_REQUEST_TIMEOUT_MS: '2500' };
    return new FuzzedServer(await ServerProcess.start(timeouts));
  }

  get url(): string {
    return this.process.url;
  }

  get host(): string {
    return `Host: ${new URL(this.url).host}\r\n`;
  }

  /** The bytes of a POST of touchpoints. */
  request(body: string | Buffer, end = 'Connection: close\r\n'): Buffer {
    const length = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const head = `POST /v1/touchpoints HTTP/1.1\r\n${this.host}${JSON_HEADER}${end}${length}`;
    return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
  }

  /** Sends one request; the answer must be one, and good. */
  async send(bytes: Buffer | string, parts: Buffer[] = []): Promise<RawAnswer> {
    const answers = answersIn(await exchange(this.url, [bytes, ...parts]));
    expect(answers).toHaveLength(1);
    const answer = answers[0] ?? { status: 0, headers: {}, body: '' };
    this.expectGood(answer);
    return answer;
  }

  /** Below 500, and a problem where it is an error. */
  expectGood(answer: RawAnswer): void {
    if (answer.status >= 500) throw new Error(`${answer.status}: ${answer.body}`);
    if (answer.status >= 400) expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    if (answer.headers['content-type']?.includes('json') !== true) return;
    const body = JSON.parse(answer.body) as { accepted?: number };
    if (answer.status < 400) this.accepted += body.accepted ?? 0;
  }

  /** After all that: well, holding nothing, and with exactly the touchpoints that it said it stored. */
  async expectWell(): Promise<void> {
    expect((await this.process.fetch('GET', '/health/ready')).status).toBe(200);
    const metrics = (await this.process.fetch('GET', '/metrics')).text;
    const figures = metrics.split('\n').filter((line) => /^rapport_(sse_clients|http_requests|ingested)/.test(line));
    expect(figures.sort()).toEqual([
      'rapport_http_requests_in_flight 1',
      `rapport_ingested_total ${this.accepted}`,
      'rapport_sse_clients 0',
    ]);
    expect(this.process.output).not.toContain('"level":"error"');
  }
}

export const good = (n: number): { [name: string]: unknown } => ({
  touchpointId: `t-${n}`,
  customerId: `c-${n % 50}`,
  type: 'purchase.completed',
  channel: 'web',
  direction: 'inbound',
  occurredAt: '2026-03-04T10:11:12Z',
  source: 'shop',
  properties: { orderId: 'o', value: 1, currency: 'EUR' },
  text: 'words',
  actor: 'a',
  history: false,
});
