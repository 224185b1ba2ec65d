/** Random lives under plays that use every kind of step and trigger: coarse in time, so that moments meet. */
import fc from 'fast-check';
import type { CompiledDefinition } from '../../core/compile-definition';
import type { Sent } from '../../core/customer.fixture';
import type { GuardsDefinition } from '../guards.types';
import type { Play } from '../play';
import { ACTION_RESULTS, type ActionResult } from '../play-inputs';
import { act, compiledWith, DAY, HOUR, part, play, PlayCustomer, START } from './play-customer.fixture';

const MINUTE = 60_000;

export const TIGHT_GUARDS: Partial<GuardsDefinition> = {
  consentUnknown: { relationship: true, marketing: false },
  caps: [
    { channel: 'email', atMost: 1, within: 2 * DAY },
    { atMost: 2, within: 5 * DAY },
  ],
  quiet: { from: 20 * 60, until: 8 * 60, weekdays: [1, 2, 3, 4, 5] },
};

/** Every kind of step, trigger and guard is met by some life. */
export function everyPlay(holdout = 0): Play[] {
  return [deedPlay(holdout), ...changePlays(holdout), ...otherPlays()];
}

function deedPlay(holdout: number): Play {
  const advocacy = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
  return play(
    'deed',
    [
      act('0'),
      { step: 'waitFor', path: '1', of: { meaning: 'praise' }, atMost: 3 * DAY },
      {
        step: 'branch',
        path: '2',
        arms: [
          { if: { fact: 'driver', oneOf: ['community'] }, then: [act('2.0.0', { verb: 'ask', what: 'review' })] },
          { then: [{ step: 'set', path: '2.1.0', trait: 'driver', value: 'community' }] },
        ],
      },
      act('3', { verb: 'ask', what: 'reference', by: 'task', team: 'sales', sla: 6 * HOUR, escalateTo: 'head' }),
    ],
    {
      trigger: advocacy,
      again: { every: 2 * DAY },
      goal: { of: { meaning: 'advocacy' }, within: 10 * DAY },
      holdout,
    },
  );
}

function changePlays(holdout: number): Play[] {
  return [
    play('welcome', [{ step: 'waitUntil', path: '0', time: 9 * 60 }, act('1', { what: 'gift', staleAfter: 2 * DAY })], {
      trigger: { on: 'stage', entered: ['lead', 'customer', 'loyal'] },
      goal: { of: { meaning: 'purchase' }, within: 5 * DAY },
      holdout,
    }),
    play(
      'silence',
      [
        {
          step: 'split',
          path: '0',
          arms: [
            { name: 'a', share: 50, then: [act('0.0.0', { verb: 'tell', what: 'news' })] },
            { name: 'b', share: 50, then: [{ step: 'wait', path: '0.1.0', ms: DAY }] },
          ],
        },
        act('1', { verb: 'ask', what: 'survey', ifWithheld: 'skip' }),
        { step: 'end', path: '2' },
      ],
      {
        trigger: { on: 'engagement', to: ['cooling', 'at risk'] },
        exit: { measure: 'count', of: { meaning: 'purchase' }, compare: { atLeast: 1 }, within: 2 * DAY },
        holdout,
      },
    ),
  ];
}

function otherPlays(): Play[] {
  return [
    play('complaint', [act('0', { verb: 'task', what: 'call', by: 'task', team: 'care', sla: 3 * HOUR })], {
      ...{ trigger: { on: 'touchpoint', of: { meaning: 'complaint' } }, purpose: 'service', priority: 9 },
    }),
    play('renewal', [act('0', { verb: 'tell', what: 'renewal', by: 'log' })], {
      trigger: { on: 'date', of: { type: 'subscription.started' }, property: 'renewsAt', offset: -2 * DAY },
      exit: {
        any: [
          { fact: 'openComplaint', is: true },
          { measure: 'engagement', oneOf: ['lapsed'] },
        ],
      },
    }),
    play('audience', [act('0', { verb: 'ask', what: 'story', staleAfter: DAY })], {
      trigger: { on: 'audience', at: 540, weekdays: [1], spread: 6 * HOUR },
      who: { not: { fact: 'stage', oneOf: ['lead'] } },
    }),
  ];
}

export type PlayStepOf =
  | { do: 'live' | 'history'; what: Sent; late: number; after: number }
  | { do: 'tick' | 'settle' | 'audience'; after: number }
  | { do: 'outcome'; result: ActionResult; back: number; after: number }
  | { do: 'task'; command: 'claim' | 'finish' | 'giveBack'; by: string; after: number }
  | { do: 'enrol' | 'stop'; play: string; after: number }
  | { do: 'adopt'; after: number };

const after = fc.oneof(
  fc.constantFrom(0, MINUTE, HOUR, 5 * HOUR, 12 * HOUR, DAY, 3 * DAY),
  fc.integer({ min: 0, max: 4 * DAY }),
);
const late = fc.constantFrom(0, 0, 0, HOUR, DAY, 4 * DAY);
const what = fc.constantFrom<Sent>(
  { type: 'page.viewed' },
  { type: 'purchase.completed', properties: { value: 30 } },
  { type: 'review.posted', properties: { rating: 5 } },
  { type: 'event.spoken' },
  { type: 'feedback.praise.given' },
  { type: 'support.complaint.opened', properties: { ticketId: '1' } },
  { type: 'support.ticket.resolved', properties: { ticketId: '1' } },
  { type: 'gift.sent', direction: 'outbound', channel: 'email' },
  { type: 'email.sent', direction: 'outbound', channel: 'email' },
  { type: 'survey.answered', properties: { kind: 'nps', score: 3, driver: 'community' } },
  { type: 'profile.updated', direction: 'outbound', properties: { timeZone: 'America/New_York' } },
  { type: 'consent.withdrawn', properties: { purpose: 'relationship', channel: 'email' } },
  { type: 'consent.given', properties: { purpose: 'relationship', channel: 'any' } },
  { type: 'subscription.started', properties: { renewsAt: new Date(START + 12 * DAY).toISOString() } },
  { type: 'subscription.started', properties: { renewsAt: new Date(START + 20 * DAY).toISOString() } },
);

const STEPS = {
  live: fc.record({ do: fc.constant('live' as const), what, late, after }),
  history: fc.record({ do: fc.constant('history' as const), what, late: fc.constantFrom(DAY, 10 * DAY), after }),
  tick: fc.record({ do: fc.constant('tick' as const), after }),
  settle: fc.record({ do: fc.constant('settle' as const), after }),
  audience: fc.record({ do: fc.constant('audience' as const), after }),
  outcome: fc.record({
    ...{ do: fc.constant('outcome' as const), result: fc.constantFrom(...ACTION_RESULTS, 'delivered' as const) },
    ...{ back: fc.integer({ min: 0, max: 2 }), after },
  }),
  task: fc.record({
    ...{ do: fc.constant('task' as const), command: fc.constantFrom('claim', 'finish', 'giveBack') },
    ...{ by: fc.constantFrom('ann', 'bob'), after },
  }),
  enrol: fc.record({ do: fc.constant('enrol' as const), play: fc.constantFrom('deed', 'audience'), after }),
  stop: fc.record({ do: fc.constant('stop' as const), play: fc.constantFrom('deed', 'silence'), after }),
  adopt: fc.record({ do: fc.constant('adopt' as const), after }),
} satisfies Record<PlayStepOf['do'], fc.Arbitrary<unknown>>;

export const EVERY_STEP = Object.keys(STEPS) as PlayStepOf['do'][];

/** Live touchpoints and outcomes more often than the rest. */
export function playScripts(kinds: readonly PlayStepOf['do'][], maxLength: number): fc.Arbitrary<PlayStepOf[]> {
  const often: readonly string[] = ['live', 'outcome'];
  const steps = kinds.map((kind) => ({ weight: often.includes(kind) ? 6 : 1, arbitrary: STEPS[kind] }));
  return fc.array(fc.oneof(...(steps as { weight: number; arbitrary: fc.Arbitrary<PlayStepOf> }[])), { maxLength });
}

/** Under the next version, which says the same but for one play. */
export function nextVersion({ version }: CompiledDefinition): CompiledDefinition {
  const plays = versionOf(version + 1);
  const earlier = Array.from({ length: version }, (_, i) => ({ version: i + 1, part: versionOf(i + 1) }));
  return compiledWith(plays, version + 1, earlier);
}

export function versionOf(version: number) {
  const plays = everyPlay();
  const [deed] = plays;
  if (deed !== undefined && version > 1) plays[0] = { ...deed, why: `version ${version}`, migrate: version % 2 === 0 };
  return part(plays, TIGHT_GUARDS);
}

/** Plays a life step by step. `between` sees the customer before each step, with the moment of the step before and of this one. */
export function live(
  one: PlayCustomer,
  script: readonly PlayStepOf[],
  between: (from: number, to: number) => void = () => undefined,
): number {
  let at = START + 10 * HOUR;
  script.forEach((step) => {
    between(at, at + step.after);
    at += step.after;
    takeStep(one, step, at);
  });
  return at;
}

function takeStep(one: PlayCustomer, step: PlayStepOf, at: number): void {
  const own = one.timeline.filter(({ touchpoint }) => touchpoint.source !== 'rapport').length;
  const touchpointId = `t${String(own).padStart(3, '0')}`;
  switch (step.do) {
    case 'live':
      one.live({ ...step.what, touchpointId, occurredAt: at - step.late }, at);
      return;
    case 'history':
      one.history({ ...step.what, touchpointId }, at - step.late, at);
      return;
    case 'tick':
      one.tick(at);
      return;
    case 'settle':
      one.settle(at);
      return;
    case 'audience':
      one.take({ kind: 'audience', play: 'audience', run: at - HOUR, at });
      return;
    case 'outcome':
      return takeOutcome(one, step, at);
    case 'task':
      return takeTask(one, step, at);
    case 'enrol':
      one.command({ command: 'enrol', play: step.play, override: step.after % 2 === 1 }, at);
      return;
    case 'stop':
      one.command({ command: 'stop', play: step.play, reason: 'a test' }, at);
      return;
    case 'adopt':
      one.adopt(nextVersion(one.definition), at);
      return;
  }
}

/** Of each action one final word and, before it, perhaps a doubt, however late: as whoever sends would say it. */
function takeOutcome(one: PlayCustomer, { result, back }: PlayStepOf & { do: 'outcome' }, at: number): void {
  one.tick(at);
  const requested = one.plays.filter((each) => each.type === 'ActionRequested');
  const asked = requested[requested.length - 1 - back];
  if (asked === undefined) return;
  const { action, sendBefore } = asked;
  const said = one.timeline.filter(({ touchpoint }) => touchpoint.properties.action === action);
  if (said.some(({ touchpoint }) => touchpoint.type !== 'action.in-doubt' || result === 'in-doubt')) return;
  // Whoever sends keeps to the time that the request names, and may tell of it later.
  one.live({ ...one.outcomeOf(result, { action }), occurredAt: Math.min(at, sendBefore) }, at);
}

function takeTask(one: PlayCustomer, { command, by }: PlayStepOf & { do: 'task' }, at: number): void {
  one.tick(at);
  const task = one.state.plays?.actions.find((each) => each.task !== null);
  if (task === undefined) return;
  const { action } = task;
  if (command === 'finish') one.command({ command, action, outcome: 'done' }, at, by);
  else one.command({ command, action }, at, by);
}

it('lives meet every kind of step and of decision', () => {
  const met = new Set<string>();
  for (const script of fc.sample(playScripts(EVERY_STEP, 40), { numRuns: 200, seed: 7 })) {
    const one = new PlayCustomer(compiledWith(versionOf(1)));
    live(one, script);
    for (const each of one.plays) met.add(each.type === 'PlayStepped' ? `stepped ${each.kind}` : each.type);
  }
  const kinds = ['wait', 'waitFor', 'waitUntil', 'branch', 'split', 'set', 'end'].map((kind) => `stepped ${kind}`);
  const types = ['PlayEntered', 'PlayWaiting', 'ActionRequested', 'ActionWithheld', 'ActionSettled', 'ActionInDoubt'];
  const others = ['TaskChanged', 'PlayConverted', 'PlayExited', 'PlayMigrated', 'CommandRefused'];
  expect([...kinds, ...types, ...others].filter((one) => !met.has(one))).toEqual([]);
});
