import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../language/duration';
import { GUARDS, type Candidate, type GuardFacts, type GuardsDefinition } from '../guards.types';
import type { Contact, PendingContact } from '../ledger.types';
import { checkGuards, refusalsOf } from './check-guards';
import { candidate, facts, GUARDS_OF_TESTS, NOW } from './guards.fixture';
import { GUARD_REGISTRY } from './registry';

const ask = (at: number): Contact => ({ at, channel: 'chat', purpose: '', ask: true });
const mail = (at: number, purpose = 'relationship'): Contact => ({ at, channel: 'email', purpose, ask: false });
const pendingMail = (action: string): PendingContact => ({
  action,
  channel: 'email',
  purpose: 'relationship',
  verb: 'tell',
});
const pendingAsk = (action: string): PendingContact => ({
  action,
  channel: 'chat',
  purpose: 'relationship',
  verb: 'ask',
});
const tell = (change: Partial<Candidate> = {}): Candidate => candidate({ verb: 'tell', what: 'news', ...change });

const answer = (
  asked: Candidate,
  of: GuardFacts,
  taken: Candidate[] = [],
  guards: GuardsDefinition = GUARDS_OF_TESTS,
) => checkGuards(guards, asked, of, taken);
const refusedBy = (asked: Candidate, of: GuardFacts, taken: Candidate[] = []) => {
  const found = answer(asked, of, taken);
  return found.pass ? 'passes' : [found.reason, found.until];
};

describe('the guards', () => {
  it('stand in the order of GUARDS, and priority is the last word', () => {
    expect([...GUARD_REGISTRY.map((guard) => guard.name), 'priority']).toEqual([...GUARDS]);
  });

  it('let pass whom nothing stands against, with a value for each that was asked', () => {
    const found = answer(candidate(), facts());
    expect(found).toMatchObject({ pass: true, notBefore: NOW, sendBefore: NOW + 4 * HOUR_MS });
    expect(found.evidence.map((one) => one.path)).toEqual(GUARDS.slice(0, -1).map((name) => `guards.${name}`));
    expect(found.evidence.every((one) => one.holds)).toBe(true);
  });

  it('ask little of a give, and nothing of a task', () => {
    const give = answer(candidate({ verb: 'give' }), facts());
    expect(give.evidence.map((one) => one.path)).toEqual(
      ['audience', 'consent', 'suppression', 'cap', 'quiet'].map((name) => `guards.${name}`),
    );
    const hindered = facts({ openComplaint: true, consent: () => 'withdrawn', at: Date.parse('2026-07-05T23:00Z') });
    expect(answer(candidate({ verb: 'task', channel: 'task' }), hindered)).toMatchObject({ pass: true, evidence: [] });
  });

  it('of asks are those of an ask by task too, caps and quiet hours are not', () => {
    const byTask = candidate({ channel: 'task' });
    const full = [mail(NOW), mail(NOW), mail(NOW)];
    const sunday = Date.parse('2026-07-05T23:00Z');
    expect(answer(byTask, facts({ at: sunday, of: { contacts: full } })).pass).toBe(true);
    expect(refusedBy(byTask, facts({ openComplaint: true }))).toEqual(['openComplaint', null]);
    expect(refusedBy(byTask, facts({ of: { contacts: [ask(NOW)] } }))).toEqual(['cooldown', NOW + 30 * DAY_MS + 1]);
  });

  it.each<[string, Candidate, GuardFacts, unknown]>([
    [
      'who was erased',
      candidate(),
      facts({ of: { suppressions: [{ channel: '*', reason: 'erased', at: 0 }] } }),
      ['audience', null],
    ],
    ['employees, for the rest', candidate(), facts({ kind: 'employee' }), ['audience', null]],
    ['others, for employees', candidate({ purpose: 'employees' }), facts(), ['audience', null]],
    ['an employee, for employees', candidate({ purpose: 'employees' }), facts({ kind: 'employee' }), 'passes'],
    ['an employee, for service', candidate({ purpose: 'service' }), facts({ kind: 'employee' }), 'passes'],
    ['withdrawn consent', candidate(), facts({ consent: () => 'withdrawn' }), ['consent', null]],
    ['unknown, where that is a yes', candidate(), facts({ consent: () => 'unknown' }), 'passes'],
    [
      'unknown, where that is a no',
      candidate({ purpose: 'marketing' }),
      facts({ consent: () => 'unknown' }),
      ['consent', null],
    ],
    [
      'unknown, for a purpose not listed',
      candidate({ purpose: 'toString' }),
      facts({ consent: () => 'unknown' }),
      ['consent', null],
    ],
    ['service without consent', candidate({ purpose: 'service' }), facts({ consent: () => 'withdrawn' }), 'passes'],
    [
      'a bounce',
      candidate(),
      facts({ of: { suppressions: [{ channel: 'email', reason: 'bounced', at: 0 }] } }),
      ['suppression', null],
    ],
    [
      'a bounce elsewhere',
      candidate({ channel: 'chat' }),
      facts({ of: { suppressions: [{ channel: 'email', reason: 'bounced', at: 0 }] } }),
      'passes',
    ],
    ['a complaint', candidate(), facts({ openComplaint: true }), ['openComplaint', null]],
    ['a give, complaint or not', candidate({ verb: 'give' }), facts({ openComplaint: true }), 'passes'],
    ['nothing given yet', candidate(), facts({ of: { given: 0 } }), ['giveFirst', null]],
    ['virtual thanks are no give', candidate(), facts({ of: { given: 0 }, virtualThanksAt: NOW }), ['giveFirst', null]],
    [
      'a deed without thanks',
      candidate(),
      facts({ of: { owed: [{ at: NOW - 5, touchpointId: 'd' }] } }),
      ['thanksOwed', null],
    ],
    [
      'a deed with virtual thanks',
      candidate(),
      facts({ of: { owed: [{ at: NOW - 5, touchpointId: 'd' }] }, virtualThanksAt: NOW - 5 }),
      'passes',
    ],
  ])('%s', (_, asked, of, expected) => {
    expect(refusedBy(asked, of)).toEqual(expected);
  });
});

describe('windows include both ends', () => {
  const never = facts({ of: {} });
  const cases: [string, (last: number) => GuardFacts, number, string][] = [
    ['bad experience', (last) => facts({ of: { badExperienceAt: last } }), 30 * DAY_MS, 'badExperience'],
    ['cooldown', (last) => facts({ of: { contacts: [ask(last)] } }), 30 * DAY_MS, 'cooldown'],
    [
      'an open ask',
      (last) => facts({ of: { open: [{ kind: 'offer', openedAt: last, reference: '' }] } }),
      14 * DAY_MS,
      'openAsk',
    ],
    [
      'asks in a window',
      (last) => facts({ of: { contacts: [ask(NOW - 40 * DAY_MS), ask(NOW - 50 * DAY_MS), ask(last)] } }),
      180 * DAY_MS,
      'asksInWindow',
    ],
    ['a cap', (last) => facts({ of: { contacts: [mail(NOW), mail(last)] } }), 7 * DAY_MS, 'cap'],
  ];

  it.each(cases)('%s: exactly so long ago counts, a millisecond more does not', (_, of, span, reason) => {
    expect(answer(candidate(), never).pass).toBe(true);
    expect(refusedBy(candidate(), of(NOW - span))).toEqual([reason, NOW + 1]);
    expect(refusedBy(candidate(), of(NOW - span - 1))).toEqual('passes');
  });
});

describe('caps', () => {
  it('count by channel, purpose and in total; a purpose not known counts in two of them', () => {
    const unknown = [mail(NOW - 1, ''), mail(NOW - 2, '')];
    expect(refusedBy(tell(), facts({ of: { contacts: unknown } }))).toEqual(['cap', NOW - 2 + 7 * DAY_MS + 1]);
    expect(refusedBy(tell({ channel: 'chat' }), facts({ of: { contacts: unknown } }))).toBe('passes');
    const four = [1, 2, 3, 4].map((n) => ({ ...mail(NOW - n * 8 * DAY_MS, 'marketing'), channel: 'chat' }));
    expect(refusedBy(tell({ purpose: 'marketing' }), facts({ of: { contacts: four.slice(0, 3) } }))).toBe('passes');
    const until = NOW - 4 * 7 * DAY_MS + 30 * DAY_MS + 1;
    const fuller = four.map((one, i) => ({ ...one, at: NOW - (i + 1) * 7 * DAY_MS }));
    expect(refusedBy(tell({ purpose: 'marketing' }), facts({ of: { contacts: fuller } }))).toEqual(['cap', until]);
  });

  it('count requests that are not settled as sent now', () => {
    const pending = [pendingMail('x'), pendingMail('y')];
    expect(refusedBy(tell(), facts({ pending }))).toEqual(['cap', NOW + 7 * DAY_MS + 1]);
    expect(refusedBy(tell(), facts({ pending: pending.slice(0, 1) }))).toBe('passes');
    expect(refusedBy(candidate(), facts({ pending: [pendingAsk('x')] }))).toEqual(['openAsk', NOW + 30 * DAY_MS + 1]);
  });

  it('count no task', () => {
    const pending: PendingContact[] = [1, 2, 3].map((n) => ({ ...pendingMail(`t${n}`), channel: 'task' }));
    expect(refusedBy(tell(), facts({ pending }))).toBe('passes');
  });

  it('of nothing at all never let pass', () => {
    const guards = { ...GUARDS_OF_TESTS, caps: [{ atMost: 0, within: DAY_MS }] };
    expect(answer(tell(), facts(), [], guards)).toMatchObject({ pass: false, reason: 'cap', until: null });
  });
});

describe('what this instant took', () => {
  const first = tell({ action: 'first' });
  const second = tell({ action: 'second' });

  it('withholds by priority and names who went first', () => {
    expect(answer(tell(), facts(), [first])).toMatchObject({ pass: true });
    const found = answer(tell(), facts(), [first, second]);
    expect(found).toMatchObject({ pass: false, reason: 'priority', winner: 'second', until: NOW + 7 * DAY_MS + 1 });
    expect(found.evidence.at(-1)).toMatchObject({ path: 'guards.priority', holds: false, value: 'second' });
  });

  it('is told apart from what was pending before, whether or not it is listed there too', () => {
    const pending = [pendingMail('first'), pendingMail('second')];
    expect(answer(tell(), facts({ pending }), [first, second])).toMatchObject({ reason: 'priority', winner: 'second' });
    expect(answer(tell(), facts({ pending }), [])).toMatchObject({ reason: 'cap' });
  });

  it('of asks leaves no room for another', () => {
    const other = candidate({ action: 'other', channel: 'chat' });
    expect(answer(candidate(), facts(), [other])).toMatchObject({ reason: 'priority', winner: 'other' });
  });
});

describe('send times', () => {
  it('end before quiet hours, by sendWithin and when stale', () => {
    const sendBefore = (asked: Candidate, at: number) => {
      const found = answer(asked, facts({ at }));
      return found.pass ? found.sendBefore : found.reason;
    };
    const seven = Date.parse('2026-07-01T19:00:00Z');
    expect(sendBefore(tell({ reachedAt: seven }), seven)).toBe(seven + HOUR_MS - 1);
    expect(sendBefore(tell({ reachedAt: NOW - DAY_MS, staleAfter: DAY_MS + MINUTE_MS }), NOW)).toBe(NOW + MINUTE_MS);
    expect(sendBefore(candidate({ channel: 'task', sendWithin: DAY_MS }), seven)).toBe(seven + DAY_MS);
  });

  it('pass over an opening that is too short', () => {
    const at = Date.parse('2026-07-01T19:56:00Z');
    const morning = Date.parse('2026-07-02T08:00:00Z');
    expect(refusedBy(tell({ reachedAt: at }), facts({ at }))).toEqual(['quiet', morning]);
    expect(answer(tell({ reachedAt: at, sendWithin: MINUTE_MS }), facts({ at })).pass).toBe(true);
  });

  it('stand in the zone of the customer', () => {
    const at = Date.parse('2026-07-01T18:30:00Z');
    expect(refusedBy(tell({ reachedAt: at }), facts({ at, timeZone: 'Europe/Berlin' }))).toEqual([
      'quiet',
      Date.parse('2026-07-02T06:00:00Z'),
    ]);
    expect(answer(tell(), facts({ at, timeZone: 'Europe/Berlin' })).evidence.at(-1)).toMatchObject({
      condition: 'not between 20:00 and 08:00',
      value: 'wed 20:30',
    });
  });
});

describe('all that says no', () => {
  it('is named in order, each with its own moment', () => {
    const of = facts({ openComplaint: true, of: { contacts: [ask(NOW)], given: 0 } });
    expect(refusalsOf(GUARDS_OF_TESTS, candidate(), of).map(({ reason, until }) => [reason, until])).toEqual([
      ['openComplaint', null],
      ['giveFirst', null],
      ['cooldown', NOW + 30 * DAY_MS + 1],
    ]);
  });
});
