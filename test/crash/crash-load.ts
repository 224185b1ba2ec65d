/** Clients that go on sending while the server dies and comes back, and write down what they were told. */
import { Agent, request } from 'node:http';
import { seeded } from '../../bench/src/touchpoints';
import { type Ledger, type SentTouchpoint } from './ledger';

const LANES = 8;
const BATCH_MAX = 40;
const CUSTOMERS_PER_LANE = 25;
const REQUEST_MS_MAX = 20_000;
/** Share of requests that send something again that was acknowledged before. */
const REPEAT_SHARE = 0.15;
const HISTORY_SHARE = 0.1;
const WAIT_SHARE = 0.1;
/** Share of requests that send other content under ids that were acknowledged before: it is recorded, and parked. */
const CONFLICT_SHARE = 0.03;
const SETTLE_SHARE = 0.02;
const RETRY_PAUSE_MS = 15;
const SURPRISES_MAX = 3;

interface IngestAnswer {
  results: { touchpointId: string; status: string; error?: unknown }[];
}

interface Answer {
  status: number;
  text: string;
}

/** Runs LANES clients until `stop`. A customer belongs to one client, so its touchpoints have one order of sending. */
export class CrashLoad {
  private stopped = false;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly lanes: Promise<void>[];
  readonly surprises: string[] = [];

  constructor(
    private readonly port: number,
    private readonly ledger: Ledger,
    seed: number,
  ) {
    this.lanes = Array.from({ length: LANES }, (_, lane) => this.runLane(lane, seeded(seed + lane)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes);
    this.agent.destroy();
  }

  private async runLane(lane: number, random: () => number): Promise<void> {
    let serial = 0;
    let recent: SentTouchpoint[] = [];
    while (!this.stopped) {
      const kind = random();
      if (random() < SETTLE_SHARE) await this.settle();
      let items = chooseAgain(recent, kind);
      const isNew = items.length === 0;
      if (isNew) {
        const count = 1 + Math.floor(random() * BATCH_MAX);
        items = Array.from({ length: count }, () => makeTouchpoint(lane, serial++, random));
      }
      const taken = await this.send(items, random() < WAIT_SHARE);
      if (taken && isNew) recent = items;
      if (!taken) await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }

  /** Whether it is done or not is the log's business: it changes nothing that the ledger knows. */
  private async settle(): Promise<void> {
    const answer = await this.post('/v1/history/settle', '{}', false).catch(() => undefined);
    if (answer !== undefined && answer.status >= 400 && answer.status < 500) this.surprised(answer);
  }

  private surprised(answer: Answer): void {
    if (this.surprises.length < SURPRISES_MAX) this.surprises.push(`${answer.status}: ${answer.text.slice(0, 300)}`);
  }

  /** True when the server took them. What gets no answer stays unknown and is not sent again. */
  private async send(items: SentTouchpoint[], wait: boolean): Promise<boolean> {
    const answer = await this.post('/v1/touchpoints', JSON.stringify(items), wait).catch((error: unknown) => error);
    if (!isAnswer(answer)) {
      if (!wasRefused(answer)) this.ledger.unanswered(items);
      return false;
    }
    if (answer.status === 503 || answer.status === 429) return false;
    if (answer.status !== 200) {
      this.surprised(answer);
      this.ledger.unanswered(items);
      return false;
    }
    const { results } = JSON.parse(answer.text) as IngestAnswer;
    const byId = new Map(items.map((item) => [item.touchpointId, item]));
    this.ledger.acknowledged(results.map((result) => byId.get(result.touchpointId)!));
    return true;
  }

  private post(path: string, body: string, wait: boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', ...(wait ? { prefer: 'wait=1' } : {}) };
      const target = { host: '127.0.0.1', port: this.port, path, method: 'POST', agent: this.agent };
      const call = request({ ...target, headers, timeout: REQUEST_MS_MAX }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => (text += piece));
        answer.on('error', reject);
        answer.on('close', () =>
          answer.complete
            ? resolve({ status: answer.statusCode ?? 0, text })
            : reject(new Error('The answer was cut off.')),
        );
      });
      call.on('timeout', () => call.destroy(new Error('No answer in time.')));
      call.on('error', reject);
      call.end(body);
    });
  }
}

function isAnswer(answer: unknown): answer is Answer {
  return typeof answer === 'object' && answer !== null && 'status' in answer;
}

/** Nobody listened, so nothing was sent. */
function wasRefused(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ECONNREFUSED';
}

const TEXTS = ['Great!', 'Zu spät geliefert', 'ありがとう 🎉', 'soft\u00adhyphen\u200f', '"quoted" \\ back'];

function makeTouchpoint(lane: number, serial: number, random: () => number): SentTouchpoint {
  const customer = Math.floor(random() * CUSTOMERS_PER_LANE);
  const common = {
    touchpointId: `t-${lane}-${serial}`,
    customerId: `k-${lane}-${customer}`,
    source: 'crash',
    ...moment(random),
  };
  const kind = random();
  if (kind < 0.4)
    return {
      ...common,
      type: 'purchase.completed',
      channel: 'store',
      direction: 'inbound',
      properties: { value: serial % 97 },
    };
  if (kind < 0.6)
    return { ...common, type: 'app.opened', channel: 'app', direction: 'inbound', properties: { platform: 'ios' } };
  if (kind < 0.75)
    return {
      ...common,
      type: 'review.posted',
      channel: 'web',
      direction: 'inbound',
      properties: { rating: 5 },
      text: pick(random),
    };
  if (kind < 0.9)
    return {
      ...common,
      type: 'profile.updated',
      channel: 'web',
      direction: 'inbound',
      properties: { name: pick(random) },
    };
  const properties = { ticketId: `k${serial}`, priority: 'high' };
  return {
    ...common,
    type: 'support.complaint.opened',
    channel: 'phone',
    direction: 'inbound',
    properties,
    text: pick(random),
  };
}

/** History lies in the past; what is live has just happened. */
function moment(random: () => number): { occurredAt: string; history?: true } {
  const isHistory = random() < HISTORY_SHARE;
  const age = isHistory ? 40 * 86_400_000 * (1 + random() * 9) : random() * 60_000;
  const occurredAt = new Date(Math.floor(Date.now() - age)).toISOString();
  return isHistory ? { occurredAt, history: true } : { occurredAt };
}

function pick(random: () => number): string {
  return TEXTS[Math.floor(random() * TEXTS.length)]!;
}

/** What was acknowledged before, as it was or with other content; nothing most of the time. A profile takes no other properties. */
function chooseAgain(recent: SentTouchpoint[], kind: number): SentTouchpoint[] {
  if (kind < CONFLICT_SHARE) return recent.filter((item) => item.type !== 'profile.updated').map(otherContent);
  return kind < CONFLICT_SHARE + REPEAT_SHARE ? recent : [];
}

function otherContent(item: SentTouchpoint): SentTouchpoint {
  return { ...item, properties: { ...item.properties, other: true } };
}
