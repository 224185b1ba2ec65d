/** What each kind of step does, and what it says of itself. */
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from '../saga/play-customer.fixture';
import type { PlayRule, Step } from '../play';
import { explainStep } from './registry';

/** A Monday, 00:00 UTC. */
const MONDAY = START;

function enrolled(steps: Step[], at = START, zone?: string): PlayCustomer {
  const one = new PlayCustomer(compiledWith(part([play('p', steps)])));
  if (zone !== undefined) one.live({ type: 'profile.updated', properties: { timeZone: zone } }, at - 1);
  one.command({ command: 'enrol', play: 'p' }, at);
  return one;
}

const set = (path: string, value: string): Step => ({ step: 'set', path, trait: 'way', value });
const end = (path: string): Step => ({ step: 'end', path });

describe('waitUntil', () => {
  it.each<[string, Omit<Step & { step: 'waitUntil' }, 'step' | 'path'>, string | undefined, number]>([
    ['a time in the zone of the definition', { time: 9 * 60 }, undefined, MONDAY + 9 * HOUR],
    ['a time in the zone of the customer', { time: 9 * 60 }, 'America/New_York', MONDAY + 14 * HOUR],
    ['a weekday', { weekdays: [3] }, undefined, MONDAY + 2 * DAY],
    ['a time on a weekday', { time: 600, weekdays: [2, 4] }, 'Asia/Kolkata', MONDAY + DAY + 4.5 * HOUR],
  ])('waits for %s', (_, wait, zone, until) => {
    const one = enrolled([{ step: 'waitUntil', path: '0', ...wait }], MONDAY + 1, zone);
    expect(one.plays.at(-1)).toMatchObject({ type: 'PlayWaiting', kind: 'waitUntil', until });
    expect(lines(one.tick(until))).toEqual(['stepped 0 waitUntil time', 'exited p completed']);
  });

  it('keeps to the local clock right through the change to summer time', () => {
    const saturday = Date.UTC(2024, 2, 30, 12);
    const one = enrolled([{ step: 'waitUntil', path: '0', time: 9 * 60, weekdays: [0] }], saturday, 'Europe/Berlin');
    expect(one.plays.at(-1)).toMatchObject({ until: Date.UTC(2024, 2, 31, 7) });
  });
});

describe('waitFor', () => {
  const wait: Step = { step: 'waitFor', path: '0', of: { meaning: 'praise' }, atMost: 14 * DAY };

  it('goes on by what occurred after it was reached, at the latest after its time', () => {
    const one = enrolled([wait]);
    const late = { type: 'feedback.praise.given', occurredAt: START };
    expect(lines(one.live(late, START + DAY))).toEqual([]);
    expect(lines(one.live({ type: 'feedback.praise.given', touchpointId: 'x' }, START + 14 * DAY - 1))).toEqual([
      'stepped 0 waitFor x',
      'exited p completed',
    ]);
    const other = enrolled([wait]);
    expect(lines(other.tick(START + 14 * DAY - 1))).toEqual([]);
    expect(lines(other.tick(START + 14 * DAY))).toEqual(['stepped 0 waitFor timeout', 'exited p completed']);
  });
});

describe('branch', () => {
  const of = (...rules: (PlayRule | undefined)[]): Step => ({
    ...{ step: 'branch', path: '0' },
    arms: rules.map((rule, i) => ({ ...(rule && { if: rule }), then: [set(`0.${i}.0`, `arm ${i}`)] })),
  });
  const stage = (name: string): PlayRule => ({ fact: 'stage', oneOf: [name] });

  it('takes the first arm that holds, else the one without a rule, else none', () => {
    const way = (step: Step): string[] => lines(enrolled([step, end('1')]).plays).slice(1, -1);
    expect(way(of({ not: stage('loyal') }, { not: stage('advocate') }))).toEqual([
      ...['stepped 0 branch 0', 'stepped 0.0.0 set arm 0', 'stepped 1 end '],
    ]);
    expect(way(of(stage('loyal'), undefined))).toEqual([
      ...['stepped 0 branch 1', 'stepped 0.1.0 set arm 1', 'stepped 1 end '],
    ]);
    expect(way(of(stage('loyal')))).toEqual(['stepped 0 branch none', 'stepped 1 end ']);
  });

  it('says with which conditions it was decided, up to the one that held', () => {
    const one = enrolled([of(stage('loyal'), { fact: 'openComplaint', is: false }, undefined)]);
    const stepped = one.plays.find((each) => each.type === 'PlayStepped' && each.kind === 'branch');
    expect(stepped).toMatchObject({
      evidence: [
        { path: 'steps.0.0.if', condition: 'stage loyal', holds: false },
        { path: 'steps.0.1.if', condition: 'no open complaint', holds: true },
      ],
    });
  });
});

it('end ends the steps, from inside an arm too', () => {
  const branch: Step = { step: 'branch', path: '0', arms: [{ then: [end('0.0.0')] }] };
  const one = enrolled([branch, act('1')]);
  expect(lines(one.plays).slice(1)).toEqual(['stepped 0 branch 0', 'stepped 0.0.0 end ', 'exited p completed']);
});

it('set remembers, and forgets by null', () => {
  const one = enrolled([set('0', 'one'), { step: 'set', path: '1', trait: 'way', value: null }]);
  expect(one.state.plays?.traits).toEqual([{ trait: 'way', value: null, at: START }]);
});

it.each<[Step, string]>([
  [act('0', { by: 'task', team: 'sales' }), 'give thanks by task, team sales'],
  [{ step: 'wait', path: '0', ms: 3 * DAY }, 'wait 3d'],
  [{ step: 'waitFor', path: '0', of: { meaning: 'praise' }, atMost: DAY }, 'wait for praise, at most 1d'],
  [{ step: 'waitUntil', path: '0', time: 545, weekdays: [1] }, 'wait until 09:05 mon'],
  [{ step: 'branch', path: '0', arms: [{ then: [] }] }, 'branch of 1'],
  [{ step: 'split', path: '0', arms: [{ name: 'a', share: 100, then: [] }] }, 'split into a 100%'],
  [set('0', 'x'), 'set way to x'],
  [end('0'), 'end'],
])('explains itself: %#', (step, words) => {
  expect(explainStep(step)).toBe(words);
});
