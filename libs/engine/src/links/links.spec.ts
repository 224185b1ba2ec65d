import fc from 'fast-check';
import { surveyAnswer } from '../survey/survey-answer';
import { surveyKind, surveyQuestion } from '../survey/survey-question';
import { deadLinkPage, linkPage, thanksPage } from './link-pages';
import { type AnswerClaims, type LinkClaims, SealedLinks, TOKEN_CHARACTERS_MAX } from './sealed-links';
import { unsubscription } from './unsubscribe';

const NOW = Date.UTC(2026, 0, 5);
const SECRET = Buffer.alloc(32, 1);
const links = new SealedLinks('https://brand.example', [SECRET]);
const claims: LinkClaims & { kind: 'unsubscribe' } = {
  ...{ kind: 'unsubscribe', customerId: 'anna@example.org', action: 'a'.repeat(32), play: 'welcome' },
  ...{ purpose: 'marketing', channel: 'survey', what: 'review', expires: NOW + 1_000 },
};
const asking: AnswerClaims = {
  ...claims,
  kind: 'answer',
  what: 'nps',
  question: 'Would you <recommend> us?',
  choices: [],
};
const tokenOf = (link: string): string => link.slice('https://brand.example/l/'.length);

describe('links in messages', () => {
  it('open with every secret in force, until they expire', () => {
    const token = tokenOf(links.link(claims));
    expect(links.open(token, NOW)).toEqual({ ok: true, claims });
    expect(links.open(token, NOW + 1_001)).toEqual({ ok: false, because: 'expired' });
    expect(new SealedLinks('', [Buffer.alloc(32, 2), SECRET]).open(token, NOW).ok).toBe(true);
    expect(new SealedLinks('', [Buffer.alloc(32, 2)]).open(token, NOW)).toEqual({ ok: false, because: 'unreadable' });
  });

  it('give nothing away', () => {
    const token = tokenOf(links.link(claims));
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('anna');
    expect(token).toMatch(/^[\w-]+$/);
  });

  it('any change makes them unreadable', () => {
    const token = tokenOf(links.link(claims));
    fc.assert(
      fc.property(fc.nat(token.length - 2), fc.constantFrom('A', 'b', '-', '_', '9'), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        fc.pre(changed !== token);
        return !links.open(changed, NOW).ok;
      }),
    );
    for (const text of ['', 'x', '../../etc', 'a'.repeat(TOKEN_CHARACTERS_MAX + 1), token.slice(0, -3)])
      expect(links.open(text, NOW)).toEqual({ ok: false, because: 'unreadable' });
  });

  it('a secret that is too short is refused', () => {
    expect(() => new SealedLinks('', ['short'])).toThrow('too short');
    expect(() => new SealedLinks('', [])).toThrow('need a secret');
  });
});

describe('pages of links', () => {
  it('escape what they show, load nothing, and act by POST alone', () => {
    for (const page of [linkPage(asking), linkPage(claims, '<b>'), thanksPage('answer'), deadLinkPage('expired')]) {
      expect(page).not.toMatch(/<script|https?:|src=|<recommend>|<b>/);
      for (const form of page.match(/<form[^>]*>/g) ?? []) expect(form).toBe('<form method="post">');
    }
    expect(linkPage(asking)).toContain('Would you &lt;recommend&gt; us?');
    expect(linkPage(asking).match(/name="score"/g)).toHaveLength(11);
    expect(linkPage({ ...asking, what: 'csat' }).match(/name="score"/g)).toHaveLength(5);
    expect(linkPage({ ...asking, what: 'driver', choices: ['coolness'] })).toContain('value="coolness"');
  });
});

describe('unsubscribing', () => {
  it('withdraws the consent of this kind by its carrier, or stops the channel', () => {
    expect(unsubscription(claims, false, NOW)).toMatchObject({
      ...{ type: 'consent.withdrawn', direction: 'inbound', customerId: 'anna@example.org' },
      properties: { purpose: 'marketing', channel: 'email' },
    });
    expect(unsubscription(claims, true, NOW).type).toBe('email.unsubscribed');
    expect(unsubscription({ ...claims, purpose: 'service' }, false, NOW).type).toBe('email.unsubscribed');
    expect(linkPage(claims)).toContain('name="everything"');
  });

  it('in a chat stops no e-mail', () => {
    const chat = { ...claims, channel: 'chat' };
    expect(unsubscription(chat, true, NOW)).toMatchObject({
      ...{ type: 'consent.withdrawn', properties: { purpose: 'marketing', channel: 'chat' } },
    });
    expect(linkPage(chat)).not.toContain('name="everything"');
  });
});

describe('surveys', () => {
  it('read question and choices from the text', () => {
    const text = 'What do you like\nabout us?\n\nPick one:\n- coolness\n-  human touch \n\nThank you';
    expect(surveyQuestion(text)).toEqual({
      question: 'What do you like about us?',
      choices: ['coolness', 'human touch'],
    });
    expect(surveyQuestion('How?\n- a\n- b').question).toBe('How?');
    expect([
      surveyKind('nps', []),
      surveyKind('first-csat', ['a']),
      surveyKind('x', ['a']),
      surveyKind('x', []),
    ]).toEqual([...['nps', 'csat', 'choice', 'text']]);
  });

  it('an answer is one touchpoint for one ask', () => {
    const nps = surveyAnswer(asking, { score: '9', comment: ' good ' }, NOW);
    expect(nps).toMatchObject({
      touchpoint: {
        ...{ touchpointId: `${'a'.repeat(32)}-answer`, type: 'survey.answered', direction: 'inbound', text: 'good' },
        properties: { score: 9, kind: 'nps', action: 'a'.repeat(32) },
      },
    });
    const driver = { ...asking, what: 'driver', choices: ['Coolness', 'Other'] };
    expect(surveyAnswer(driver, { choice: 'Coolness' }, NOW)).toMatchObject({
      touchpoint: { properties: { driver: 'coolness' } },
    });
    expect(surveyAnswer({ ...asking, what: 'why' }, { comment: 'because' }, NOW).ok).toBe(true);
  });

  it.each([
    ['nps', {}],
    ['nps', { score: '11' }],
    ['nps', { score: '-1' }],
    ['nps', { score: '1e1' }],
    ['csat', { score: '0' }],
    ['csat', { score: '6' }],
    ['driver', { choice: 'made up' }],
    ['why', { comment: '  ' }],
  ])('%s with %j is asked again', (what, form) => {
    const choices = what === 'driver' ? ['coolness'] : [];
    expect(surveyAnswer({ ...asking, what, choices }, form, NOW).ok).toBe(false);
  });
});
