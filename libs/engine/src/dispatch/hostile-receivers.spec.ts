import { HttpReceiver } from '../channels/receivers.fixture';
import { makeChannels, NO_CHANNEL_OPTIONS } from '../channels/registry';
import { Dispatcher } from './dispatcher';
import { dataOf, MemoryLog, PARTITIONS, requested } from './memory-log.fixture';
import { SuppressedAddresses } from './suppressed-addresses';

const HOUR = 3_600_000;
const HEALTHY = 300;
const DELAY_MS_MAX = 1_000;

const FAULTS = {
  hangs: () => undefined,
  slow: (response) => void setTimeout(() => response.end('ok'), 3_000),
  'too-many': (response) => void response.writeHead(429, { 'retry-after': '5' }).end(),
  'half-way': (response) => {
    response.writeHead(200, { 'content-length': '100000' });
    response.write('half', () => response.socket?.destroy());
  },
  endless: (response) => {
    response.writeHead(200);
    const block = Buffer.alloc(1 << 20);
    const more = (): void => {
      while (!response.destroyed && response.write(block));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
} satisfies { [name: string]: HttpReceiver['respond'] };

describe('receivers that hang, are slow, refuse, close half way or never end', () => {
  it('delay no other destination', async () => {
    const receivers = new Map<string, HttpReceiver>();
    for (const name of ['well', ...Object.keys(FAULTS)]) receivers.set(name, await HttpReceiver.start());
    for (const [name, respond] of Object.entries(FAULTS)) receivers.get(name)!.respond = respond;
    const arrived = new Map<string, number>();
    receivers.get('well')!.respond = (response, { headers }) => {
      arrived.set(String(headers['webhook-id']), Date.now());
      response.end('ok');
    };
    const secrets = [`whsec_${Buffer.alloc(32, 5).toString('base64')}`];
    const destinations = Object.fromEntries([...receivers].map(([name, { url }]) => [name, { url, secrets }]));
    const log = new MemoryLog(Date.now);
    const channels = makeChannels(
      { ...NO_CHANNEL_OPTIONS, webhook: { destinations }, allowAddresses: ['127.0.0.1'] },
      () => undefined,
    );
    let timer: NodeJS.Timeout | undefined;
    const dispatcher: Dispatcher = new Dispatcher(PARTITIONS, {
      append: (requests) => log.append(requests),
      ...{ channels, logged: log.logged },
      render: ({ request }) =>
        Promise.resolve({ ok: true, message: { to: request.what, bytes: '{}' }, destination: request.what }),
      addressOf: () => ({ address: null }),
      effects: () => ({ modeOf: () => 'live', unarmed: null }),
      outbox: { put: () => undefined },
      suppressed: new SuppressedAddresses(Buffer.alloc(16)),
      ...{ sent: () => undefined, shownUpTo: () => Infinity, now: Date.now, random: Math.random },
      wake: () => {
        clearTimeout(timer);
        timer = setTimeout(() => dispatcher.pump(), Math.min(500, Math.max(0, dispatcher.nextWake() - Date.now())));
      },
      failed: (error) => {
        throw error;
      },
    });
    log.onChunk = (chunk) => dispatcher.fold(chunk);
    dispatcher.begin();
    const asked = new Map<string, number>();
    const at = Date.now();
    const moments = { channel: 'webhook', notBefore: at - 1, sendBefore: at + HOUR };
    for (const name of Object.keys(FAULTS))
      for (let i = 0; i < 100; i++) log.decide('ann', requested(`${name}-${i}`, { what: name, ...moments }));
    dispatcher.pump();
    for (let i = 0; i < HEALTHY; i++) {
      asked.set(`well-${i}`, Date.now());
      log.decide('bob', requested(`well-${i}`, { what: 'well', ...moments }));
      dispatcher.pump();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    const delays = [...asked].map(([id, moment]) => (arrived.get(id) ?? Infinity) - moment).sort((a, b) => a - b);
    expect(delays[Math.floor(HEALTHY * 0.99)]).toBeLessThan(DELAY_MS_MAX);
    expect(log.events('actions-').filter(({ type }) => type === 'ActionEnded').length).toBeGreaterThan(HEALTHY);
    const failed = log.events('actions-').map((event) => dataOf<{ detail?: string }>(event).detail);
    expect(failed).toContain('429');
    for (const receiver of receivers.values()) await receiver.stop();
    await dispatcher.stop();
    clearTimeout(timer);
    for (const channel of channels.values()) await channel.close();
  }, 30_000);
});
