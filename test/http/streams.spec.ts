import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

const evidence = {
  definition: 'default',
  definitionVersion: 1,
  rule: 'loyal.enter',
  at: Date.UTC(2026, 0, 1),
  conditions: [
    {
      path: 'loyal.enter',
      condition: 'count purchase at least 3',
      holds: true,
      value: 3,
      touchpoints: [{ touchpointId: 't-1', occurredAt: Date.UTC(2025, 0, 1) }],
    },
  ],
};
const change = (to: string, more: object = {}): object => ({
  from: 'customer',
  to,
  at: Date.UTC(2026, 0, 1),
  definitionVersion: 1,
  evidence,
  cause: { kind: 'timer', due: Date.UTC(2026, 0, 1) },
  history: false,
  ...more,
});

interface Message {
  id?: string;
  event?: string;
  data?: { [name: string]: unknown };
}

/** One open stream: what came so far, taken apart at blank lines. */
class Client {
  text = '';
  ended = false;
  private constructor(
    readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (part: string) => (this.text += part));
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  static open(path: string, headers: { [name: string]: string } = {}): Promise<Client> {
    return new Promise((resolve, reject) => {
      const sent = request(`${fake.server.url}${path}`, { headers }, (response) => resolve(new Client(sent, response)));
      sent.on('error', reject);
      sent.end();
    });
  }

  get messages(): Message[] {
    const blocks = this.text.split('\n\n').filter((block) => block.includes('data:'));
    return blocks.map((block) => {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      return { ...fields, data: JSON.parse(fields['data'] ?? 'null') as { [name: string]: unknown } };
    });
  }

  async until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 15_000;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`Waited in vain. So far: ${this.text.slice(0, 2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

let fake: FakeServer;
beforeEach(async () => {
  fake = await startFake({ RAPPORT_SSE_CLIENTS_MAX: '2', RAPPORT_SSE_BUFFER_BYTES_MAX: '65536' });
});
afterEach(() => fake.stop());

describe('GET /v1/stage-changes/stream', () => {
  it('greets at once, then sends each change with its position', async () => {
    const client = await Client.open('/v1/stage-changes/stream');
    expect(client.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(client.response.headers['cache-control']).toBe('no-cache, no-transform');
    await client.until(() => client.text.startsWith('retry: 3000\n:'));
    fake.engine.publish('StageChanged', 'c-1', change('loyal'));
    fake.engine.publish('EngagementChanged', 'c-1', change('active'));
    fake.engine.publish('StageChanged', 'c-2', change('advocate'));
    await client.until(() => client.messages.length === 2);
    expect(client.messages[0]).toMatchObject({
      id: '1',
      event: 'stage.changed',
      data: {
        id: '1',
        position: 1,
        customerId: 'c-1',
        axis: 'stage',
        from: 'customer',
        to: 'loyal',
        at: '2026-01-01T00:00:00.000Z',
        recordedAt: '2026-03-04T10:11:12.345Z',
        definitionVersion: 1,
        history: false,
        cause: { kind: 'timer', due: '2026-01-01T00:00:00.000Z' },
        evidence: {
          at: '2026-01-01T00:00:00.000Z',
          conditions: [{ touchpoints: [{ touchpointId: 't-1', occurredAt: '2025-01-01T00:00:00.000Z' }] }],
        },
      },
    });
    expect(client.messages[1]?.id).toBe('3');
  });

  it.each([
    ['', {}, []],
    ['?from=beginning', {}, ['1', '2', '3']],
    ['?from=1', {}, ['2', '3']],
    ['?from=beginning&lastEventId=2', {}, ['3']],
    ['?from=beginning&lastEventId=1', { 'last-event-id': '2' }, ['3']],
    ['?from=beginning&to=loyal', {}, ['1', '3']],
    ['?from=beginning&customerId=c-2', {}, ['2']],
  ])('starts where %s %j says', async (query, headers, ids) => {
    fake.engine.publish('StageChanged', 'c-1', change('loyal'));
    fake.engine.publish('StageChanged', 'c-2', change('advocate'));
    fake.engine.publish('StageChanged', 'c-3', change('loyal'));
    const client = await Client.open(`/v1/stage-changes/stream${query}`, headers);
    const last = fake.engine.publish('StageChanged', 'c-2', change('loyal'));
    await client.until(() => client.messages.at(-1)?.id === String(last.position));
    expect(client.messages.slice(0, -1).map((message) => message.id)).toEqual(ids);
  });

  it('sends restated chains only where asked for', async () => {
    const plain = await Client.open('/v1/stage-changes/stream');
    const all = await Client.open('/v1/stage-changes/stream?chains=true');
    const chain = { axis: 'stage', from: null, to: 'lead', at: 0, definitionVersion: 1, evidence };
    fake.engine.publish('HistoryRestated', 'c-1', {
      at: 0,
      part: 0,
      parts: 1,
      wentLiveAt: null,
      changes: [chain, { ...chain, axis: 'engagement', to: 'active' }],
      cause: { kind: 'settling' },
    });
    fake.engine.publish('StageChanged', 'c-1', change('customer', { history: true, joining: 'wentLive' }));
    fake.engine.publish('StageChanged', 'c-1', change('loyal', { history: true, joining: 'settling' }));
    await all.until(() => all.messages.length === 3);
    await plain.until(() => plain.messages.length === 1);
    expect(plain.messages[0]?.data).toMatchObject({ to: 'loyal', joining: 'settling' });
    expect(all.messages[0]).toMatchObject({
      event: 'history.restated',
      data: { changes: [{ axis: 'stage', to: 'lead' }], wentLiveAt: null },
    });
    expect(all.messages[0]?.data?.['changes']).toHaveLength(1);
  });

  it.each([
    ['?from=yesterday', {}, 400],
    ['?from=', {}, 400],
    ['?lastEventId=x', {}, 400],
    ['?to=', {}, 400],
    ['?stage=loyal', {}, 400],
    ['', { 'last-event-id': 'x' }, 400],
    ['?from=99', {}, 409],
    ['', { 'last-event-id': '99' }, 409],
  ])('refuses %s %j with %i', async (query, headers, status) => {
    const client = await Client.open(`/v1/stage-changes/stream${query}`, headers);
    expect(client.response.statusCode).toBe(status);
    expect(client.response.headers['content-type']).toContain('application/problem+json');
  });

  it('serves no more clients than its limit, and forgets those that left', async () => {
    const first = await Client.open('/v1/stage-changes/stream');
    await Client.open('/v1/engagement-changes/stream');
    const refused = await Client.open('/v1/stage-changes/stream');
    expect([refused.response.statusCode, refused.response.headers['retry-after']]).toEqual([503, '3']);
    first.request.destroy();
    await first.until(() => fake.engine.feeds.size === 1);
    expect((await Client.open('/v1/stage-changes/stream')).response.statusCode).toBe(200);
  });

  it('keeps a bounded buffer for a client that does not read, and sends it everything once it reads', async () => {
    const client = await Client.open('/v1/stage-changes/stream');
    client.response.pause();
    const many = 8_000;
    for (let i = 0; i < many; i++) fake.engine.publish('StageChanged', 'c-1', change('loyal'));
    expect(fake.engine.feeds.size).toBe(0);
    client.response.resume();
    await client.until(() => client.text.includes(`\nid: ${many}\n`) || client.text.includes(`id: ${many}\nevent`));
    const ids = client.messages.map((message) => Number(message.id));
    expect(ids).toEqual(Array.from({ length: many }, (_, i) => i + 1));
  });

  it('ends with the server', async () => {
    const client = await Client.open('/v1/stage-changes/stream');
    const stopped = fake.server.close();
    await client.until(() => client.ended);
    await stopped;
    expect(fake.engine.closed).toBe(1);
  });
});

it('streams engagement changes beside stage changes', async () => {
  const client = await Client.open('/v1/engagement-changes/stream?to=lapsed&to=at%20risk');
  fake.engine.publish('StageChanged', 'c-1', change('loyal'));
  fake.engine.publish('EngagementChanged', 'c-1', change('active'));
  fake.engine.publish('EngagementChanged', 'c-1', change('at risk'));
  await client.until(() => client.messages.length === 1);
  expect(client.messages[0]).toMatchObject({
    event: 'engagement.changed',
    data: { to: 'at risk', axis: 'engagement' },
  });
});

describe('GET /v1/decisions/stream', () => {
  const of = { play: 'welcome', enrolment: 1, playVersion: 1, at: Date.UTC(2026, 0, 1), step: '0', action: 'a1' };
  const cause = { kind: 'timer', due: Date.UTC(2026, 0, 1) };
  const withheld = {
    ...{ ...of, verb: 'ask', what: 'review', channel: 'email', reason: 'cap', until: Date.UTC(2026, 0, 2) },
    ...{ final: false, then: 'wait', cause },
    evidence: [{ ...evidence.conditions[0]!, path: 'guards.cap', condition: 'at most 2 within 7d', holds: false }],
  };

  it('tells what plays decide, in words and with moments as texts, beside the changes', async () => {
    const client = await Client.open('/v1/decisions/stream');
    fake.engine.publish('ActionWithheld', 'anna', withheld);
    fake.engine.publish('StageChanged', 'anna', change('loyal'));
    fake.engine.publish('ActionInDoubt', 'anna', { ...of, cause });
    fake.engine.publish('InputParked', 'anna', {
      touchpointId: 't',
      at: of.at,
      reason: 'conflict',
      detail: 'other content',
    });
    await client.until(() => client.messages.length === 4);
    expect(client.messages.map(({ event }) => event)).toEqual([
      ...['action.withheld', 'stage.changed', 'action.in-doubt', 'input.parked'],
    ]);
    const { data } = client.messages[0]!;
    expect(data).toMatchObject({
      ...{ id: '1', position: 1, customerId: 'anna', recordedAt: '2026-03-04T10:11:12.345Z', play: 'welcome' },
      ...{ at: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z', reason: 'cap' },
      cause: { kind: 'timer', due: '2026-01-01T00:00:00.000Z' },
      evidence: [{ value: 3, touchpoints: [{ touchpointId: 't-1', occurredAt: '2025-01-01T00:00:00.000Z' }] }],
    });
    expect(data?.['sentence']).toContain('welcome: ');
  });

  it('picks by type and customer, and leaves chains to those who ask', async () => {
    const client = await Client.open(
      '/v1/decisions/stream?from=beginning&type=ActionInDoubt&type=HistoryRestated&customerId=ben',
    );
    fake.engine.publish('ActionWithheld', 'ben', withheld);
    fake.engine.publish('ActionInDoubt', 'anna', { ...of, cause });
    const chain = { at: 0, part: 0, parts: 1, wentLiveAt: null, changes: [], cause: { kind: 'settling' } };
    fake.engine.publish('HistoryRestated', 'ben', chain);
    const last = fake.engine.publish('ActionInDoubt', 'ben', { ...of, cause });
    await client.until(() => client.messages.length > 0);
    expect(client.messages.map(({ id }) => id)).toEqual([String(last.position)]);
    expect((await fetch(`${fake.server.url}/v1/decisions/stream?type=Nothing`)).status).toBe(400);
  });
});
