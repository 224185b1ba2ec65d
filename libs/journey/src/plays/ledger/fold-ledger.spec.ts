import { ASK_KINDS_KEPT, OPEN_ASKS_KEPT, OWED_DEEDS_KEPT, SUPPRESSIONS_KEPT } from '../play-limits';
import { ledgerRoleOf } from './ledger-role';
import { emptyLedger } from './ledger-state';
import { day, ledgerOf, outcome, roleOf, touchpoint } from './ledger.fixture';

describe('asks and answers', () => {
  it.each([
    ['offer.sent', 'offer.redeemed', 'offer'],
    ['survey.sent', 'survey.answered', 'survey'],
    ['referral.requested', 'referral.made', 'referral'],
    ['review.requested', 'review.posted', 'review'],
    ['reference.requested', 'reference.given', 'reference'],
    ['story.requested', 'story.published', 'story'],
    ['event.invited', 'event.registered', 'event'],
    ['survey.sent', 'email.replied', 'survey'],
  ])('%s is answered by %s', (asks, answers, kind) => {
    const asked = ledgerOf(touchpoint(asks, 1));
    expect(asked).toMatchObject({ asked: 1, answered: 0, open: [{ kind, openedAt: day(1) }] });
    const answered = ledgerOf(touchpoint(asks, 1), touchpoint(answers, 2));
    expect(answered).toMatchObject({
      asked: 1,
      answered: 1,
      open: [],
      kinds: [{ kind, asked: 1, answered: 1, declined: 0 }],
    });
    expect(answered).toMatchObject({ lastInboundAnswerAt: day(2), received: 1 });
  });

  it.each(['survey', 'offer', 'referral', 'reference'])('%s.declined closes the ask without an answer', (kind) => {
    const asks = { survey: 'survey.sent', offer: 'offer.sent' }[kind] ?? `${kind}.requested`;
    const declined = ledgerOf(touchpoint(asks, 1), touchpoint(`${kind}.declined`, 2));
    expect(declined).toMatchObject({ answered: 0, declined: 1, unanswered: 0, open: [], received: 0 });
  });

  it('are open for answerWithin and with it; then they were let go', () => {
    const ask = touchpoint('offer.sent', 0);
    expect(ledgerOf(ask, touchpoint('offer.redeemed', 14))).toMatchObject({ answered: 1, unanswered: 0 });
    expect(ledgerOf(ask, touchpoint('offer.redeemed', 14.001))).toMatchObject({ answered: 0, unanswered: 1, open: [] });
  });

  it('belong together by what the answer names; it never answers an ask that names something else', () => {
    const asks = ['a', 'b', 'c'].map((campaignId, i) => touchpoint('offer.sent', i, { campaignId }));
    const open = (campaignId?: string) =>
      ledgerOf(...asks, touchpoint('offer.redeemed', 5, campaignId === undefined ? {} : { campaignId })).open.map(
        (ask) => ask.reference,
      );
    expect(open('b')).toEqual(['c', 'a']);
    expect(open()).toEqual(['b', 'a']);
    expect(open('unknown')).toEqual(['c', 'b', 'a']);
    const twice = ledgerOf(
      ...asks,
      touchpoint('offer.redeemed', 5, { campaignId: 'b' }),
      touchpoint('offer.redeemed', 6, { campaignId: 'b' }),
    );
    expect(twice).toMatchObject({ answered: 1, received: 2 });
  });

  it('of a kind are not answered by another kind', () => {
    expect(ledgerOf(touchpoint('review.requested', 1), touchpoint('survey.answered', 2)).open).toHaveLength(1);
  });

  it('are forgotten beyond the bounds, and counted all the same', () => {
    const many = Array.from({ length: 20 }, (_, i) => touchpoint('offer.sent', i / 100, { campaignId: `c${i}` }));
    const found = ledgerOf(...many);
    expect(found.open.map((ask) => ask.reference)).toEqual(
      Array.from({ length: OPEN_ASKS_KEPT }, (_, i) => `c${19 - i}`),
    );
    expect(found).toMatchObject({ asked: 20, unanswered: 20 - OPEN_ASKS_KEPT });
    const kinds = Array.from({ length: 20 }, (_, i) => outcome('delivered', i, { verb: 'ask', what: `kind-${i}` }));
    const counted = ledgerOf(...kinds).kinds;
    expect(counted).toHaveLength(ASK_KINDS_KEPT + 1);
    expect(counted.at(-1)).toEqual({ kind: 'other', asked: 20 - ASK_KINDS_KEPT, answered: 0, declined: 0 });
  });

  it('that the customer makes are none', () => {
    expect(ledgerOf({ ...touchpoint('offer.sent', 1), direction: 'inbound' })).toMatchObject({
      asked: 0,
      contacts: [],
    });
  });

  it('teach the driver', () => {
    const answers = [
      touchpoint('survey.answered', 2, { driver: 'community' }),
      touchpoint('survey.answered', 1, { driver: 'coolness' }),
    ];
    expect(ledgerOf(...answers, touchpoint('survey.answered', 3, { driver: 'weather' }))).toMatchObject({
      driver: 'community',
      driverAt: day(2),
    });
  });
});

describe('gives and thanks', () => {
  it('are counted both ways', () => {
    const found = ledgerOf(
      touchpoint('gift.sent', 1),
      touchpoint('employee.helped', 2),
      touchpoint('feedback.praise.given', 3),
      touchpoint('reward.granted', 4),
      touchpoint('reference.given', 5),
    );
    expect(found).toMatchObject({ given: 3, received: 2, firstGiveAt: day(1), lastGiveAt: day(4), owedToBrand: 0 });
    expect(found.owed).toEqual([{ at: day(5), touchpointId: 'reference.given@5' }]);
    expect(ledgerOf(touchpoint('gift.sent', 1), touchpoint('points.granted', 2)).owedToBrand).toBe(2);
  });

  it('thanks settle every deed before them, and none after', () => {
    const found = ledgerOf(
      touchpoint('reference.given', 1),
      touchpoint('thanks.sent', 2),
      touchpoint('story.published', 3),
    );
    expect(found).toMatchObject({ lastThanksAt: day(2), owed: [{ touchpointId: 'story.published@3' }] });
    const deeds = Array.from({ length: 12 }, (_, i) => touchpoint('reference.given', i));
    expect(ledgerOf(...deeds).owed).toHaveLength(OWED_DEEDS_KEPT);
    expect(ledgerOf(...deeds, touchpoint('thanks.sent', 13)).owed).toEqual([]);
  });

  it('a bad review is an answer, but no deed', () => {
    const reviewed = (rating: number) =>
      ledgerOf(touchpoint('review.requested', 1), touchpoint('review.posted', 2, { rating }));
    expect(reviewed(2)).toMatchObject({ answered: 1, owed: [], received: 1 });
    expect(reviewed(4).owed).toHaveLength(1);
  });
});

describe('bad experiences', () => {
  it.each<[string, object, boolean]>([
    ['store.complaint.made', {}, true],
    ['shipment.delayed', {}, true],
    ['shipment.failed', {}, true],
    ['order.delayed', {}, true],
    ['payment.failed', {}, true],
    ['survey.answered', { kind: 'nps', score: 6 }, true],
    ['survey.answered', { kind: 'nps', score: 7 }, false],
    ['survey.answered', { kind: 'csat', score: 2 }, true],
    ['survey.answered', { kind: 'csat', score: 3 }, false],
    ['survey.answered', { score: 1 }, false],
    ['survey.answered', { kind: 'constructor', score: 1 }, false],
    ['shipment.sent', {}, false],
  ])('%s %j: %s', (type, properties, bad) => {
    expect(ledgerOf(touchpoint(type, 3, { ...properties })).badExperienceAt).toBe(bad ? day(3) : -Infinity);
  });
});

describe('suppressions', () => {
  it.each([
    ['email.bounced', 'bounced', true],
    ['email.marked-as-spam', 'spam', false],
    ['email.unsubscribed', 'unsubscribed', true],
    ['web.newsletter.unsubscribed', 'unsubscribed', true],
  ])('%s suppresses e-mail; a new consent lifts it: %s %s', (type, reason, lifted) => {
    const suppressed = touchpoint(type, 1);
    expect(ledgerOf(suppressed).suppressions).toEqual([{ channel: 'email', reason, at: day(1) }]);
    const consent = (channel: string) => touchpoint('consent.given', 2, { purpose: 'relationship', channel });
    expect(ledgerOf(suppressed, consent('chat')).suppressions).toHaveLength(1);
    expect(ledgerOf(suppressed, consent('email')).suppressions).toHaveLength(lifted ? 0 : 1);
    expect(ledgerOf(suppressed, consent('any')).suppressions).toHaveLength(lifted ? 0 : 1);
  });

  it('come from the dispatcher too: a dead address, or nobody there any more', () => {
    const address = outcome('withdrawn', 1, { verb: 'tell', what: 'news', reason: 'suppressedAddress' });
    const erased = outcome('withdrawn', 2, { verb: 'tell', what: 'news', reason: 'erased' });
    expect(ledgerOf(address, erased).suppressions).toEqual([
      { channel: 'email', reason: 'address', at: day(1) },
      { channel: '*', reason: 'erased', at: day(2) },
    ]);
    expect(ledgerOf(outcome('withdrawn', 1, { verb: 'tell', reason: 'consentWithdrawn' })).suppressions).toEqual([]);
  });

  it('stand once for each channel and reason, up to a bound', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      outcome('withdrawn', i, { reason: 'suppressedAddress' }, `channel-${i % 30}`),
    );
    const found = ledgerOf(...many).suppressions;
    expect(found).toHaveLength(SUPPRESSIONS_KEPT);
    expect(new Set(found.map((one) => one.channel)).size).toBe(SUPPRESSIONS_KEPT);
  });
});

describe('outcomes of actions', () => {
  it('give, ask and count once delivered, and not before', () => {
    const give = { verb: 'give', what: 'thanks' };
    for (const result of ['failed', 'expired', 'withdrawn', 'in-doubt'])
      expect(ledgerOf(outcome(result, 1, give))).toMatchObject({ given: 0, contacts: [] });
    const contact = { at: day(1), channel: 'email', purpose: 'relationship', ask: false };
    expect(ledgerOf(outcome('delivered', 1, give))).toMatchObject({
      given: 1,
      lastThanksAt: day(1),
      contacts: [contact],
    });
    expect(ledgerOf(outcome('delivered', 1, { verb: 'tell', what: 'news' }))).toMatchObject({
      given: 0,
      contacts: [contact],
    });
    expect(ledgerOf(outcome('delivered', 1, { verb: 'ask', what: 'reference' }))).toMatchObject({
      open: [{ action: 'action-1', kind: 'reference', openedAt: day(1) }],
      contacts: [{ ...contact, ask: true }],
    });
  });

  it('that invite to the community are answered by who joins it or answers there', () => {
    const asked = (what: string) => outcome('delivered', 1, { verb: 'ask', what });
    expect(ledgerOf(asked('community'), touchpoint('community.joined', 2))).toMatchObject({ answered: 1, open: [] });
    const helped = touchpoint('community.answer.given', 2);
    expect(ledgerOf(asked('community-answer'), helped)).toMatchObject({ answered: 1, owed: [{ at: day(2) }] });
  });

  it('are matched by the action that an answer names, whatever its kind', () => {
    const ask = outcome('delivered', 1, { verb: 'ask', what: 'preference' });
    const newer = outcome('delivered', 2, { verb: 'ask', what: 'preference' });
    const found = ledgerOf(ask, newer, touchpoint('survey.answered', 3, { action: 'action-1' }));
    expect(found).toMatchObject({ answered: 1, open: [{ action: 'action-2' }] });
  });

  it('of tasks reach nobody, but a task that asked has asked', () => {
    const told = (verb: string) => ledgerOf(outcome('delivered', 1, { verb, what: 'x' }, 'task'));
    expect(told('task')).toMatchObject({ contacts: [], asked: 0 });
    expect(told('tell')).toMatchObject({ contacts: [] });
    expect(told('give')).toMatchObject({ contacts: [], given: 1 });
    expect(told('ask')).toMatchObject({ contacts: [{ channel: 'task', ask: true }], asked: 1 });
    const settled = ledgerOf(outcome('delivered', 1, { verb: 'ask', what: 'x', answer: 'declined' }, 'task'));
    expect(settled).toMatchObject({ asked: 1, declined: 1, open: [] });
  });

  it('from anybody else are nothing', () => {
    const forged = { ...outcome('delivered', 1, { verb: 'give', what: 'thanks' }), source: 'crm' };
    expect(ledgerOf(forged)).toEqual({ ...emptyLedger(), newestAt: day(1), newestId: forged.touchpointId });
  });
});

describe('roles', () => {
  it('are none for types that the ledger has no use for', () => {
    for (const type of ['purchase.completed', 'web.visited', 'profile.updated', 'never.heard.of', 'constructor'])
      expect(roleOf(type)).toBeNull();
  });

  it('follow the meaning where the type is unknown', () => {
    expect(ledgerRoleOf('quiz.sent', ['ask'])).toMatchObject({ ask: 'quiz', contact: true });
    expect(ledgerRoleOf('quiz.done', ['answer', 'praise'])).toMatchObject({
      answers: 'quiz',
      praise: true,
      deed: false,
    });
  });
});
