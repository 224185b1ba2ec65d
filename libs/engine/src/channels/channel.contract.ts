/** What every channel keeps, whatever it sends through. A new channel is one file, one line in the registry, and a call of this. */
import { requested } from '../dispatch/memory-log.fixture';
import type { Attempted, Channel, TemplateScope, ToRender } from './channel.types';
import { CHANNEL_NAMES } from './registry';

export interface ChannelUnderTest {
  channel: Channel;
  /** Texts that arrived outside, in order. */
  received(): string[];
  /** Makes whatever it sends to unreachable; absent where it sends nowhere. */
  breakDown?(): Promise<void>;
  /** Texts that may stand in no answer of an attempt and in no destination: secrets, addresses. */
  secrets: string[];
  stop(): Promise<void>;
}

export const SCOPE: TemplateScope = {
  customer: {
    ...{ id: 'c-1', kind: 'person', stage: 'loyal', engagement: 'active' },
    ...{ traits: { locale: 'de' }, personal: { name: 'Zoë <b>', email: 'zoe@example.org' } },
  },
  cause: { type: 'praise.given' },
  evidence: [],
  play: { name: 'welcome', why: 'because' },
  links: { unsubscribe: 'https://brand.example/l/u', answer: 'https://brand.example/l/a' },
  now: '2026-01-05T09:00:00.000Z',
};

export const TEMPLATE = {
  subject: 'Thank you, {{ customer.personal.name }}',
  text: 'Dear {{ customer.personal.name }}, thanks.',
  html: '<p>Dear {{ customer.personal.name }}</p>',
};

export function toRender(channel: string, over: Partial<ToRender> = {}): ToRender {
  const request = requested('0123456789abcdef0123456789abcdef', { channel, team: 'sales' });
  return { request, scope: SCOPE, template: TEMPLATE, mode: 'live', ...over };
}

export async function attemptOnce(
  { channel }: { channel: Channel },
  what: ToRender,
  signal = new AbortController().signal,
): Promise<Attempted> {
  const rendered = await channel.render(what);
  if (!rendered.ok) throw new Error(`${rendered.reason}: ${rendered.detail}`);
  const { action } = what.request;
  return channel.attempt({ action, attempt: 1, message: rendered.message, mode: what.mode, signal });
}

const RESULTS = ['delivered', 'retry', 'failed', 'inDoubt'];

export function describeChannel(name: string, make: () => Promise<ChannelUnderTest>): void {
  describe(`the channel ${name}`, () => {
    let it_: ChannelUnderTest;
    beforeEach(async () => (it_ = await make()));
    afterEach(async () => {
      await it_.channel.close();
      await it_.stop();
    });

    it('is registered, with limits that limit', () => {
      const { spec } = it_.channel;
      expect(CHANNEL_NAMES).toContain(name);
      expect(spec.name).toBe(name);
      for (const limit of [spec.attemptsMax, spec.timeoutMs, spec.concurrency, spec.perSecond, spec.backoffBaseMs])
        expect(limit).toBeGreaterThan(0);
      expect(spec.backoffMaxMs).toBeGreaterThanOrEqual(spec.backoffBaseMs);
    });

    it('renders the same request to the same bytes', async () => {
      const [first, second] = [await it_.channel.render(toRender(name)), await it_.channel.render(toRender(name))];
      expect(first).toMatchObject({ ok: true });
      expect(second).toEqual(first);
    });

    it('says so where a template names what is not there', async () => {
      const template = { text: 'Dear {{ customer.personal.nick }}' };
      expect(await it_.channel.render(toRender(name, { template }))).toMatchObject({
        ok: false,
        reason: 'templateFailed',
      });
    });

    it('delivers, and twice the same bytes', async () => {
      expect(await attemptOnce(it_, toRender(name))).toMatchObject({ result: 'delivered' });
      expect(await attemptOnce(it_, toRender(name))).toMatchObject({ result: 'delivered' });
      const [first, second] = it_.received();
      expect(second).toBe(first);
    });

    it('tells no secret and no address, whatever happens', async () => {
      const rendered = await it_.channel.render(toRender(name));
      const told = [JSON.stringify(await attemptOnce(it_, toRender(name)))];
      if (rendered.ok) told.push(rendered.destination);
      await it_.breakDown?.();
      told.push(JSON.stringify(await attemptOnce(it_, toRender(name))));
      for (const secret of it_.secrets) for (const text of told) expect(text).not.toContain(secret);
    });

    it('never throws for what the outside does: unreachable is tried again, not in doubt', async () => {
      await it_.breakDown?.();
      expect((await attemptOnce(it_, toRender(name))).result).toBe(it_.breakDown ? 'retry' : 'delivered');
    });

    it('ends when it is told to', async () => {
      const aborted = new AbortController();
      aborted.abort();
      const { result } = await attemptOnce(it_, toRender(name), aborted.signal);
      expect(RESULTS).toContain(result);
    });

    if (['task', 'log'].includes(name)) return;
    it('leaves the sandbox to the outbox, or reaches nobody but its own sandbox', async () => {
      if (it_.channel.ownSandbox) await attemptOnce(it_, toRender(name, { mode: 'sandbox' }));
      expect(it_.received()).toEqual([]);
    });
  });
}
