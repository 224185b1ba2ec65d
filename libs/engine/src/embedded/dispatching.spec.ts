/** Plays over the embedded engine, to the end: a touchpoint, a message in the sandbox, its outcome, the play's next step. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore, pack } from '@rapport/event-store';
import { DEFAULT_DEFINITION_TEXT, type Touchpoint } from '@rapport/journey';
import { NO_CHANNEL_OPTIONS } from '../channels/registry';
import { actionEvent } from '../dispatch/action-event';
import type { OutboxMessage } from '../dispatch/sandbox-outbox';
import { rebuildStore } from '../maintenance/rebuild-store';
import { verifyStore } from '../maintenance/verify-store';
import { actionStream, partitionOf } from '../partition';
import type { LogEntry, QueryAnswer, RapportEngine, RapportOptions } from '../rapport.types';
import { DISPATCH_DEFAULTS } from './dispatching';
import { openRapport } from './rapport';

const hour = (fromNow: number): string => new Date(Date.now() + fromNow * 3_600_000).toISOString().slice(11, 13);
/** Quiet while nobody looks: the spec runs at night and on Sundays too. */
const GUARDS = `guards: { quiet: { from: "${hour(11)}:00", until: "${hour(12)}:00", weekdays: [mon, tue, wed, thu, fri, sat, sun] } }
`;
const WAIT_MS = 20_000;
const LOOK_MS = 20;
/** Longer than dispatch needs for a message that it may send. */
const NOTHING_MORE_MS = 400;

interface Page {
  items: { [name: string]: unknown }[];
}

function touchpoint(
  customerId: string,
  id: string,
  type: string,
  properties: Touchpoint['properties'] = {},
): Touchpoint {
  return {
    ...{ customerId, touchpointId: id, type, channel: 'web', direction: 'inbound', occurredAt: Date.now() },
    ...{ source: 'spec', properties, history: false },
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to that in time');
    await later(LOOK_MS);
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('dispatch of an embedded store', () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    folders.push(mkdtempSync(join(tmpdir(), 'rapport-dispatching-')));
    return folders.at(-1)!;
  };
  let rapport: RapportEngine | null = null;
  const said: LogEntry[] = [];
  afterEach(async () => {
    await rapport?.close();
    rapport = null;
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** With the default plays, which may send at any hour. */
  async function open(data: string, options: Partial<RapportOptions> = {}): Promise<RapportEngine> {
    const definitionFile = join(data, 'definition.yaml');
    writeFileSync(definitionFile, `${DEFAULT_DEFINITION_TEXT}\n${GUARDS}`);
    const log = (entry: LogEntry): void => void said.push(entry);
    rapport = await openRapport({ data, definitionFile, plays: 'default', log, ...options });
    return rapport;
  }

  async function send(...touchpoints: Touchpoint[]): Promise<void> {
    const answer = await rapport!.ingest(touchpoints);
    if (!answer.ok) throw new Error(answer.detail);
    expect(await rapport!.waitFor(answer.position, WAIT_MS)).toBe(true);
  }

  async function page(query: Parameters<RapportEngine['query']>[0]): Promise<Page['items']> {
    return (parse(await rapport!.query(query)) as Page).items;
  }

  function parse(answer: QueryAnswer): unknown {
    expect(answer.found).toBe(true);
    return JSON.parse(answer.json) as unknown;
  }

  const orders = (customerId: string): Promise<Page['items']> =>
    page({ name: 'actions', params: { play: ['late-order'], customerId, limit: 9 } });

  /** Messages of late-order; the welcome of a lead may be held out. */
  function apologies(folder: string): OutboxMessage[] {
    const outbox = join(folder, 'outbox');
    return readdirSync(outbox)
      .sort()
      .map((file) => JSON.parse(readFileSync(join(outbox, file), 'utf8')) as OutboxMessage)
      .filter(({ play }) => play === 'late-order');
  }

  async function orderIsLate(customerId: string): Promise<void> {
    await send(touchpoint(customerId, 'p1', 'profile.updated', { email: `${customerId}@example.org` }));
    await send(touchpoint(customerId, 'o1', 'order.delayed', { orderId: 'o-1' }));
    expect(await orders(customerId)).toHaveLength(1);
  }

  const delivered = (customerId: string) => until(async () => (await orders(customerId))[0]?.['state'] === 'delivered');

  /** As a dispatcher would write it that does what it must not. */
  async function attempt(folder: string, action: string, attempt: number): Promise<void> {
    const store = await openSqliteEventStore({ folder, partitions: 8 });
    const started = actionEvent('AttemptStarted', 1, 'ann', { action, attempt, at: 1 });
    const stream = actionStream(partitionOf('ann', 8));
    await store.append([{ stream, expected: 'any', events: pack([started]) }]);
    await store.close();
  }

  async function apologise(folder: string): Promise<void> {
    await open(folder);
    await orderIsLate('ann');
    await delivered('ann');
  }

  it('puts the message of a play into the sandbox, hears its outcome, and goes on; once, whatever starts again', async () => {
    const folder = newFolder();
    await apologise(folder);
    const [message, ...others] = apologies(folder);
    expect(message).toMatchObject({ customerId: 'ann', channel: 'email', to: 'ann@example.org' });
    expect(others).toEqual([]);
    const timeline = await page({ name: 'timeline', params: { customerId: 'ann', limit: 50 } });
    const outcome = {
      type: 'action.delivered',
      source: 'rapport',
      properties: { action: message!.action, sandbox: true },
    };
    expect(timeline).toContainEqual(
      expect.objectContaining({ ...outcome, properties: expect.objectContaining(outcome.properties) as object }),
    );
    const params = { customerId: 'ann', play: 'late-order', limit: 9 };
    const [enrolment] = await page({ name: 'enrolments', params });
    expect(enrolment).toMatchObject({ phase: 'waiting', step: '1' });
    await rapport!.close();
    await open(folder);
    await later(NOTHING_MORE_MS);
    expect(apologies(folder)).toEqual([message]);
    expect(await page({ name: 'enrolments', params })).toEqual([enrolment]);
    await rapport!.close();
    const report = verifyStore(folder);
    expect(report.problems).toEqual([]);
    expect(report.actions).toBeGreaterThan(0);
    await attempt(folder, message!.action, 2);
    await attempt(folder, 'nobody-asked', 1);
    const [again, unasked, ...more] = verifyStore(folder).problems;
    expect(again).toContain('was tried again after it had arrived');
    expect(unasked).toContain('which nothing requested');
    expect(more).toEqual([]);
  }, 60_000);

  it.each([
    ['copied', 'otherPlace', () => true],
    ['restored', 'noInstanceFile', (file: string) => !file.endsWith('instance.json')],
  ] as const)(
    'sends nothing from a store that was %s, until it is armed',
    async (_how, unarmed, filter) => {
      const folder = newFolder();
      await apologise(folder);
      await rapport!.close();
      const other = newFolder();
      cpSync(folder, other, { recursive: true, filter });
      await open(other);
      expect(rapport!.effects()).toMatchObject({ unarmed });
      expect(rapport!.effects().modeOf('email')).toBe('off');
      expect(rapport!.status().dispatch).toMatchObject({ unarmed });
      await orderIsLate('ben');
      await later(NOTHING_MORE_MS);
      expect(apologies(other)).toHaveLength(1);
      expect(await rapport!.arm('spec')).toMatchObject({ ok: true });
      expect(rapport!.effects().modeOf('email')).toBe('sandbox');
      await delivered('ben');
      expect(apologies(other).map(({ customerId }) => customerId)).toEqual(['ann', 'ben']);
    },
    60_000,
  );

  it('holds messages while effects are off, and goes on in another generation of the read models', async () => {
    const folder = newFolder();
    await open(folder);
    expect(await rapport!.setEffects({ all: 'off', channels: {}, by: 'spec' })).toMatchObject({ ok: true });
    expect(rapport!.effects().modeOf('email')).toBe('off');
    await orderIsLate('ann');
    await later(NOTHING_MORE_MS);
    expect(apologies(folder)).toEqual([]);
    await rapport!.setEffects({ all: 'sandbox', channels: {}, by: 'spec' });
    await delivered('ann');
    expect(await rebuildStore(folder)).toMatchObject({ equal: true });
    await until(() => rapport!.status().generation === 2);
    await orderIsLate('ben');
    await delivered('ben');
    expect(apologies(folder).map(({ customerId }) => customerId)).toEqual(['ann', 'ben']);
  }, 60_000);

  it('says why dispatch cannot start, while touchpoints and queries go on', async () => {
    const channels = { ...NO_CHANNEL_OPTIONS, allowAddresses: ['nonsense'] };
    const dispatch = { ...DISPATCH_DEFAULTS, channels };
    await open(newFolder(), { dispatch });
    await until(() => rapport!.status().dispatch?.failure !== undefined);
    expect(said).toContainEqual({ level: 'error', message: expect.stringContaining('dispatch stopped') as string });
    await orderIsLate('ann');
    expect(rapport!.status().unavailable).toBeUndefined();
    expect(await orders('ann')).toMatchObject([{ state: 'requested' }]);
  }, 60_000);

  it('is started again after a failure, says so, and sends what was held up', async () => {
    const folder = newFolder();
    const outbox = join(folder, 'outbox');
    writeFileSync(outbox, 'where messages of the sandbox would go');
    await open(folder);
    await until(() => rapport!.status().dispatch?.failure !== undefined);
    await orderIsLate('ann');
    await until(() => rapport!.status().dispatch!.restarts === 1);
    const { failure } = rapport!.status().dispatch!;
    expect(failure!.nextTry).toBeGreaterThan(failure!.since);
    rmSync(outbox);
    await delivered('ann');
    const { restarts, unarmed, failure: mended } = rapport!.status().dispatch!;
    expect(restarts).toBeGreaterThan(0);
    expect([unarmed, mended]).toEqual([null, undefined]);
    expect(said).toContainEqual({ level: 'info', message: 'dispatch runs again' });
    expect(apologies(folder)).toHaveLength(1);
  }, 60_000);

  it('is not there without plays, or where it is not wanted', async () => {
    const folder = newFolder();
    await open(folder, { plays: 'none' });
    expect(rapport!.status().dispatch).toBeUndefined();
    expect(rapport!.effects()).toMatchObject({ unarmed: 'noInstanceFile' });
    await rapport!.close();
    await open(folder, { dispatch: 'off' });
    expect(rapport!.status().dispatch).toBeUndefined();
  }, 60_000);

  it('previews a template, and pauses no play that there is not', async () => {
    await open(newFolder());
    await send(touchpoint('ann', 'p1', 'profile.updated', { email: 'ann@example.org', name: 'Ann' }));
    const params = { customerId: 'ann', template: 'check-in', play: 'silence' };
    expect(parse(await rapport!.query({ name: 'preview', params }))).toMatchObject({
      subject: 'How are you?',
      text: expect.stringContaining('Hello Ann,') as string,
    });
    expect(await rapport!.query({ name: 'preview', params: { ...params, customerId: 'x' } })).toMatchObject({
      found: false,
    });
    const lost = rapport!.query({ name: 'preview', params: { ...params, template: 'check-on' } });
    await expect(lost).rejects.toThrow("did you mean 'check-in'?");
    expect(await rapport!.pausePlay('silence', true, 'spec')).toMatchObject({ ok: true });
    expect(await rapport!.pausePlay('silent', true, 'spec')).toMatchObject({ ok: false, reason: 'unknownPlay' });
  }, 60_000);
});
