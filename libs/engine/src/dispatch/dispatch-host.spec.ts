import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogClient, openLogReader, openSqliteEventStore, pack, unpack } from '@rapport/event-store';
import type { PlayDecision } from '@rapport/journey';
import type { ReadModelQueries } from '@rapport/read-models';
import { HttpReceiver } from '../channels/receivers.fixture';
import { NO_CHANNEL_OPTIONS } from '../channels/registry';
import type { DispatchStatus } from '../embedded/dispatch-protocol';
import { actionStream, journeyStream, partitionOf } from '../partition';
import { DispatchHost } from './dispatch-host';
import { armInstance, effectsRequest } from './instance';
import type { EffectsMode } from './instance.types';
import { requested } from './memory-log.fixture';

const PARTITIONS = 2;
const SECRET = `whsec_${Buffer.alloc(32, 'canary-of-the-webhook').toString('base64')}`;
const HOUR = 3_600_000;

/** Everybody is known and up to date. */
const models = {
  snapshot: (ask: () => unknown) => ask(),
  checkpoint: () => ({ position: Number.MAX_SAFE_INTEGER }),
  customer: () => ({ no: 1, stage: 'loyal', engagement: 'active' }),
  profile: () => null,
} as unknown as ReadModelQueries;

/** A store with its dispatcher, as one process has it. */
class Running {
  status: DispatchStatus | null = null;
  readonly said: string[] = [];
  private constructor(
    readonly folder: string,
    readonly client: LogClient,
    private readonly close_: () => Promise<void>,
  ) {}

  static async open(folder: string, url: string): Promise<Running> {
    const store = await openSqliteEventStore({ folder, partitions: PARTITIONS });
    const log = openLogReader(folder);
    const client = new LogClient(store.connect());
    const held: { host?: DispatchHost } = {};
    const running = new Running(folder, client, async () => {
      await held.host!.stop();
      log.close();
      client.close();
      await store.close();
    });
    held.host = await DispatchHost.start({
      ...{ folder, log, models, client },
      post: (message) => {
        running.said.push(JSON.stringify(message));
        if (message.kind === 'status') running.status = message.status;
      },
      options: {
        channels: {
          ...NO_CHANNEL_OPTIONS,
          webhook: { destinations: { default: { url, secrets: [SECRET] } } },
          allowAddresses: ['127.0.0.1'],
        },
        ...{ publicUrl: 'http://localhost', linkSecrets: [] },
      },
    });
    return running;
  }

  async request(action: string, channel = 'webhook'): Promise<void> {
    const moments = { notBefore: Date.now() - 1, sendBefore: Date.now() + HOUR };
    await this.decide(requested(action, { channel, ...moments, template: undefined }));
  }

  async decide({ type, ...data }: PlayDecision): Promise<void> {
    const event = { id: Buffer.alloc(16, 3), type, schemaVersion: 1, occurredAt: Date.now(), subject: 'ann' };
    const events = pack([{ ...event, data: Buffer.from(JSON.stringify(data)) }]);
    const stream = journeyStream(partitionOf('ann', PARTITIONS));
    await this.client.append([{ stream, expected: 'any', events }]);
  }

  async effects(all: EffectsMode): Promise<void> {
    await this.client.append([effectsRequest('EffectsSet', { all, channels: {}, by: 'spec' }, Date.now())]);
    await until(() => this.status?.effects.all === all);
  }

  close(): Promise<void> {
    return this.close_();
  }
}

async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('dispatch over a store', () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    folders.push(mkdtempSync(join(tmpdir(), 'rapport-dispatch-')));
    return folders.at(-1)!;
  };
  let receiver: HttpReceiver;
  beforeEach(async () => (receiver = await HttpReceiver.start()));
  afterEach(async () => {
    await receiver.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const ids = (): unknown[] => receiver.received.map(({ headers }) => headers['webhook-id']);

  it('a new store is armed, in the sandbox; live, messages leave; once, whatever starts again', async () => {
    const folder = newFolder();
    let it_ = await Running.open(folder, receiver.url);
    expect(it_.status).toMatchObject({ unarmed: null, effects: { all: 'sandbox' } });
    await it_.request('a1');
    await until(() => readdirSync(join(folder, 'outbox')).length === 1);
    expect(receiver.received).toHaveLength(0);
    await it_.effects('live');
    await it_.request('a2');
    await until(() => receiver.received.length === 1);
    await until(() => it_.status?.open === 0);
    await it_.effects('off');
    await it_.request('a3');
    await later(100);
    await it_.close();
    it_ = await Running.open(folder, receiver.url);
    await later(100);
    expect(ids()).toEqual(['a2']);
    await it_.effects('live');
    await until(() => receiver.received.length === 2);
    await it_.close();
    expect(ids()).toEqual(['a2', 'a3']);
    expect(it_.said.join('')).not.toContain('canary');
    expect(storedText(folder)).not.toContain('canary');
  });

  it.each([
    ['copied', (from: string, to: string) => cpSync(from, to, { recursive: true }), 'otherPlace'],
    [
      'restored',
      (from: string, to: string) =>
        cpSync(from, to, { recursive: true, filter: (file) => !file.endsWith('instance.json') }),
      'noInstanceFile',
    ],
  ])('a %s store sends nothing until it is armed', async (_how, copy, unarmed) => {
    const folder = newFolder();
    const first = await Running.open(folder, receiver.url);
    await first.effects('live');
    await first.effects('off');
    await first.request('a1');
    await later(50);
    await first.effects('live');
    await until(() => receiver.received.length === 1);
    await first.close();
    const other = newFolder();
    copy(folder, other);
    const second = await Running.open(other, receiver.url);
    expect(second.status?.unarmed).toBe(unarmed);
    await second.request('a2');
    await later(150);
    expect(ids()).toEqual(['a1']);
    await armInstance(other, 'spec', Date.now(), (requests) => second.client.append(requests));
    await until(() => receiver.received.length === 2);
    await second.close();
  });

  it('a start goes on from a checkpoint, with everything that was open', async () => {
    const folder = newFolder();
    let it_ = await Running.open(folder, receiver.url);
    await it_.effects('off');
    await it_.request('held');
    await it_.request('task-1', 'task');
    await it_.close();
    it_ = await Running.open(folder, receiver.url);
    await it_.effects('live');
    for (let i = 0; i < 400; i++) await it_.request(`b${i}`);
    await until(() => it_.status?.open === 1, 20_000);
    expect(eventTypes(folder)).toContain('DispatchCheckpointed');
    await it_.request('last');
    await until(() => receiver.received.length === 402);
    await it_.close();
    it_ = await Running.open(folder, receiver.url);
    await later(100);
    expect(it_.status?.open).toBe(1);
    const ofPlay = { play: 'welcome', enrolment: 1, playVersion: 1, at: Date.now(), step: '0', action: 'task-1' };
    const cause = { kind: 'command', commandId: 'c1', by: 'kim' } as const;
    await it_.decide({ type: 'ActionSettled', ...ofPlay, result: 'delivered', refunded: false, cause });
    await until(() => it_.status?.open === 0);
    await it_.close();
    expect(new Set(ids()).size).toBe(402);
    expect(receiver.received).toHaveLength(402);
  }, 60_000);

  function eventTypes(folder: string): string[] {
    const log = openLogReader(folder);
    try {
      const stream = actionStream(partitionOf('ann', PARTITIONS));
      return log.streamChunks(stream, 0, 1_000_000).flatMap((chunk) => unpack(chunk).map(({ type }) => type));
    } finally {
      log.close();
    }
  }

  function storedText(folder: string): string {
    return readdirSync(folder)
      .filter((file) => file.startsWith('log.sqlite') || file === 'instance.json')
      .map((file) => readFileSync(join(folder, file), 'latin1'))
      .join('');
  }
});
