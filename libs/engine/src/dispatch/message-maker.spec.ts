import type { Play, Template } from '@rapport/journey';
import { makeChannels, NO_CHANNEL_OPTIONS } from '../channels/registry';
import { SealedLinks } from '../links/sealed-links';
import { requested, START } from './memory-log.fixture';
import { renderTemplate } from '../channels/templates/render-template';
import { type CustomerView, makeMessage, type MessageSources, previewScope } from './message-maker';

const links = new SealedLinks('https://brand.example', [Buffer.alloc(32, 1)]);
const channels = makeChannels(NO_CHANNEL_OPTIONS, () => undefined);
const ANN: CustomerView = {
  ...{ kind: 'person', stage: 'loyal', engagement: 'active', traits: {} },
  personal: { name: 'Ann', email: 'ann@example.org' },
};
const REVIEW = {
  ...{ id: 'r1', type: 'review.posted', channel: 'web', direction: 'inbound' as const },
  ...{ occurredAt: '2026-01-04T10:00:00.000Z', properties: { rating: 5 } },
};
const TEMPLATES: Template[] = [
  {
    name: 'thanks',
    subject: 'Thanks',
    text: 'Dear {{ customer.personal.name }}, {{ play.why }}. {{ links.unsubscribe }}',
  },
  { name: 'why', text: '{{ cause.kind }} {{ cause.touchpoint.properties.rating }} {{ evidence[0].condition }}' },
  { name: 'driver', text: 'What do you like, {{ customer.personal.name }}?\n\n- coolness\n- community' },
];

function make(channel: string, over: object, view: CustomerView | null | 'behind' = ANN) {
  const request = requested('0123456789abcdef0123456789abcdef', { channel, ...over });
  const sources: MessageSources = {
    customerAt: () => view,
    causeAt: (_customerId, { cause }) => ({ ...cause, touchpoint: REVIEW }),
    texts: {
      play: () => ({ why: 'you helped' }) as Play,
      template: (_version, name) => TEMPLATES.find((template) => template.name === name),
      notify: () => undefined,
    },
    ...{ links, now: () => START },
  };
  return makeMessage({ request, customerId: 'ann', position: 5 }, channels.get(channel)!, 'live', sources);
}

function linksIn(bytes: string): string[] {
  return bytes.replaceAll('=\r\n', '').match(/https:\/\/brand\.example\/l\/[\w-]+/g) ?? [];
}

describe('a message', () => {
  it('is made of the customer, the play and links that open', async () => {
    const made = await make('email', {});
    if (made === 'behind' || !made.ok) throw new Error('not made');
    expect(made).toMatchObject({ destination: 'example.org', message: { to: 'ann@example.org' } });
    expect(made.message.bytes).toContain('Dear Ann, you helped.');
    for (const link of linksIn(made.message.bytes)) {
      const token = link.slice('https://brand.example/l/'.length);
      expect(links.open(token, START)).toMatchObject({
        claims: { kind: 'unsubscribe', customerId: 'ann', purpose: 'relationship', channel: 'email' },
      });
    }
    expect(linksIn(made.message.bytes)).toHaveLength(2);
  });

  it('says what set it off, and why it was allowed', async () => {
    const evidence = [{ path: 'guards.cap', condition: 'two a week', holds: true, value: 1, touchpoints: [] }];
    const made = await make('log', { template: 'why', evidence, cause: { kind: 'timer', due: START } });
    if (made === 'behind' || !made.ok) throw new Error('not made');
    expect(made.message.bytes).toContain('timer 5 two a week');
  });

  it('that asks has a page that shows what it asks', async () => {
    const made = await make('survey', { verb: 'ask', what: 'driver', template: 'driver' });
    if (made === 'behind' || !made.ok) throw new Error('not made');
    const opened = linksIn(made.message.bytes).map((link) => links.open(link.split('/l/')[1]!, START));
    expect(opened).toContainEqual({
      ok: true,
      claims: expect.objectContaining({
        ...{ kind: 'answer', what: 'driver', question: 'What do you like, Ann?', choices: ['coolness', 'community'] },
      }) as object,
    });
  });

  it('waits for what is known, and is not made for who is not there', async () => {
    expect(await make('email', {}, 'behind')).toBe('behind');
    expect(await make('email', {}, null)).toMatchObject({ ok: false, reason: 'noAddress' });
    expect(await make('email', {}, { ...ANN, erased: true })).toMatchObject({ ok: false, reason: 'erased' });
    expect(await make('email', { template: 'gone' })).toMatchObject({ ok: false, reason: 'templateFailed' });
    expect(await make('webhook', {})).toMatchObject({ ok: false, reason: 'noAddress' });
  });

  it('of a task has no links, and no address of the customer', async () => {
    const made = await make('task', { verb: 'task', template: undefined, team: 'sales' });
    if (made === 'behind' || !made.ok) throw new Error('not made');
    expect(linksIn(made.message.bytes)).toEqual([]);
    expect(made.message.bytes).not.toContain('ann@example.org');
  });

  it('can be seen without being sent', () => {
    const scope = previewScope('ann', ANN, { name: 'welcome', why: 'you helped' }, START);
    expect(renderTemplate(TEMPLATES[0]!, scope)).toMatchObject({ ok: true, text: 'Dear Ann, you helped. ' });
  });
});
