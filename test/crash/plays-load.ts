/** Customers whose touchpoints make plays act, sent until they are acknowledged, whatever happens to the server meanwhile. */
import { pause } from '../../bench/src/server-process';

const EVERY_MS = 20;
const AGAIN_MS = 50;
const ANSWER_MS_MAX = 5_000;

export class PlaysLoad {
  /** Customers whose touchpoints are on disk. */
  readonly acknowledged: string[] = [];
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(private readonly port: number) {
    this.running = this.run();
  }

  /** Resolves when the last customer is acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let number = 1; !this.stopping; number++) {
      const customerId = `c-${number}`;
      while (!(await this.send(touchpoints(customerId)))) await pause(AGAIN_MS);
      this.acknowledged.push(customerId);
      await pause(EVERY_MS);
    }
  }

  /** False = no answer, or not taken: sent again, it counts once. */
  private async send(body: object[]): Promise<boolean> {
    try {
      const { status } = await fetch(`http://127.0.0.1:${this.port}/v1/touchpoints`, {
        ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      return status === 200;
    } catch {
      // The server is dead just now: that is what this is about.
      return false;
    }
  }
}

function touchpoints(customerId: string): object[] {
  const occurredAt = new Date().toISOString();
  const of = (touchpointId: string, type: string, properties: object): object => {
    return { customerId, touchpointId, type, occurredAt, properties };
  };
  return [
    of('p', 'profile.updated', { email: `${customerId}@example.org`, name: customerId }),
    of('o', 'order.delayed', { orderId: `o-${customerId}` }),
    of('d', 'web.demo.requested', {}),
  ];
}
