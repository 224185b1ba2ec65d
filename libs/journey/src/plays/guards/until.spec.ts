import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../language/duration';
import type { Candidate, GuardFacts, GuardsDefinition } from '../guards.types';
import type { Contact } from '../ledger.types';
import type { Weekday } from '../play';
import { checkGuards } from './check-guards';
import { compareCandidates } from './compare-candidates';
import { candidate, facts, NOW } from './guards.fixture';

const MINUTES_IN_DAY = 1_440;
const minute = fc.integer({ min: 0, max: 23 }).map((hour) => hour * 60);
const span = fc.integer({ min: 1, max: 72 }).map((hours) => hours * HOUR_MS);
const channels = fc.constantFrom('email', 'chat');
const purposes = fc.constantFrom('relationship', 'marketing');
const past = fc.integer({ min: 0, max: 100 }).map((hours) => NOW - hours * HOUR_MS);

const caps = fc.array(
  fc.record(
    { channel: channels, purpose: purposes, atMost: fc.integer({ min: 1, max: 3 }), within: span },
    { requiredKeys: ['atMost', 'within'] },
  ),
  { maxLength: 3 },
);
const quiet = fc.record({
  from: minute,
  until: minute,
  weekdays: fc.subarray([0, 1, 2, 3, 4, 5, 6] as Weekday[], { minLength: 1 }),
});
const asks = fc.record({
  cooldown: span,
  atMost: fc.integer({ min: 1, max: 3 }),
  within: span,
  answerWithin: span,
  afterBadExperience: span,
  prior: fc.constant({ rate: 0.15, weight: 4 }),
});
const guardsOf: fc.Arbitrary<GuardsDefinition> = fc.record({ consentUnknown: fc.constant({}), caps, quiet, asks });
const contacts: fc.Arbitrary<Contact[]> = fc
  .array(fc.record({ at: past, channel: channels, purpose: purposes, ask: fc.boolean() }), { maxLength: 8 })
  .map((all) => all.sort((a, b) => b.at - a.at));
const customers: fc.Arbitrary<GuardFacts> = fc
  .record({
    contacts,
    badExperienceAt: past,
    opened: fc.array(past, { maxLength: 2 }),
    zone: fc.constantFrom('UTC', 'Australia/Lord_Howe'),
  })
  .map(({ contacts, badExperienceAt, opened, zone }) =>
    facts({
      timeZone: zone,
      of: { contacts, badExperienceAt, open: opened.map((openedAt) => ({ kind: 'offer', openedAt, reference: '' })) },
    }),
  );
const candidates: fc.Arbitrary<Candidate> = fc
  .record({ verb: fc.constantFrom('ask' as const, 'tell' as const), channel: channels, purpose: purposes })
  .map((change) => candidate({ ...change, staleAfter: 30 * DAY_MS }));

describe('the date of a refusal', () => {
  it('is the first moment at which it could act: nothing before passes, and it does', () => {
    fc.assert(
      fc.property(guardsOf, customers, candidates, (guards, of, asked) => {
        const answer = checkGuards(guards, asked, of, []);
        fc.pre(!answer.pass);
        const passesAt = (at: number): boolean => checkGuards(guards, asked, { ...of, at }, []).pass;
        const last = answer.until ?? asked.reachedAt + asked.staleAfter + 1;
        if (answer.until !== null) expect(passesAt(answer.until)).toBe(true);
        // Openings begin at full hours and a millisecond after them; half hours are Lord Howe's.
        const early: number[] = [];
        for (let at = NOW; at < last; at += HOUR_MS / 2) {
          if (passesAt(at)) early.push(at);
          if (at + 1 < last && passesAt(at + 1)) early.push(at + 1);
        }
        expect(early).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('is none where it would be stale by then', () => {
    const of = facts({ of: { badExperienceAt: NOW } });
    const guards = { ...baseGuards(), quiet: { from: 0, until: 0, weekdays: [0, 1, 2, 3, 4, 5, 6] as Weekday[] } };
    expect(checkGuards(guards, candidate({ staleAfter: DAY_MS }), of, [])).toMatchObject({ until: null });
    expect(checkGuards(guards, candidate({ staleAfter: 3 * DAY_MS }), of, [])).toMatchObject({
      until: NOW + 2 * DAY_MS + 1,
    });
  });
});

function baseGuards(): GuardsDefinition {
  const limits = { cooldown: DAY_MS, atMost: 1, within: DAY_MS, answerWithin: DAY_MS, afterBadExperience: 2 * DAY_MS };
  return {
    consentUnknown: {},
    caps: [],
    quiet: { from: 0, until: MINUTES_IN_DAY - 1, weekdays: [] },
    asks: { ...limits, prior: { rate: 0.15, weight: 4 } },
  };
}

describe('the order of candidates', () => {
  const any: fc.Arbitrary<Candidate> = fc
    .record({
      settlesOwed: fc.boolean(),
      verb: fc.constantFrom('give' as const, 'ask' as const, 'tell' as const, 'task' as const),
      priority: fc.integer({ min: -2, max: 2 }),
      order: fc.integer({ min: 0, max: 2 }),
      path: fc.constantFrom('0', '1', '2.0.1', '2.0.10', '2.0.9', '10'),
      action: fc.constantFrom(...'abcdefgh'),
    })
    .map(candidate);

  it('is one order, whatever came first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(any, { maxLength: 8, selector: (one) => one.action }),
        fc.func(fc.integer()),
        (all, shuffle) => {
          const other = [...all].sort((a, b) => shuffle(a) - shuffle(b));
          const view = (list: Candidate[]) => [...list].sort(compareCandidates);
          expect(view(other)).toEqual(view(all));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is thanks owed, what gives, what asks; then priority, place and step', () => {
    const inOrder = [
      candidate({ action: '1', verb: 'give', settlesOwed: true, priority: -1 }),
      candidate({ action: '2', verb: 'tell', priority: 5, order: 9 }),
      candidate({ action: '3', verb: 'task', order: 1 }),
      candidate({ action: '4', verb: 'give', order: 2 }),
      candidate({ action: '5', priority: 1, order: 7 }),
      candidate({ action: '6', path: '2.9' }),
      candidate({ action: '7', path: '2.10' }),
    ];
    expect([...inOrder].reverse().sort(compareCandidates)).toEqual(inOrder);
  });
});
