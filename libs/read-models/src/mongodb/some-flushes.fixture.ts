/** A run of flushes in which everything that a flush can hold happens: rows come, change and go. */
import type { Flush } from '../read-models';
import { change, customer, flush, NEW_YEAR } from '../contract/rows';
import type { ActionRow, EnrolmentRow, PlayFlush } from '../play-rows';

const PLAY = { play: 'welcome', enrolment: 1 };

function enrolment(no: number): EnrolmentRow {
  return {
    ...{ no, customerId: `customer-${no}`, ...PLAY, playVersion: 1, held: no % 2 === 0, first: true },
    ...{ enteredAt: NEW_YEAR, phase: 'waiting', step: '', until: null, withheld: '', goalUntil: NEW_YEAR + 9 },
    ...{ convertedAt: null, exitedAt: null, exitReason: '', position: no * 10 },
  };
}

function action(no: number): ActionRow {
  return {
    ...{ action: `a-${no}`, no, customerId: `customer-${no}`, ...PLAY, step: '0', verb: 'give', what: 'thanks' },
    ...{ channel: 'email', purpose: 'relationship', state: 'requested', requestedAt: NEW_YEAR, notBefore: NEW_YEAR },
    ...{ sendBefore: NEW_YEAR + 1, settledAt: null, reason: '', attempts: 0, lastResult: '', nextAttemptAt: null },
    ...{
      team: '',
      assignee: '',
      claimedUntil: null,
      slaDue: null,
      escalated: false,
      position: no * 10 + 1,
      events: [],
    },
  };
}

const parked = (position: number, no: number) => ({
  ...{
    position,
    no,
    customerId: `customer-${no}`,
    touchpointId: 't',
    reason: 'conflict',
    detail: 'x',
    parkedAt: NEW_YEAR,
  },
});
const counter = (stage: string, customers: number) => ({ partition: 0, stage, engagement: 'active', customers });

function plays(step: number): PlayFlush {
  const entered = { op: 'entered' as const, row: enrolment(step) };
  const requested = { op: 'requested' as const, row: action(step) };
  const counts = [{ play: 'welcome', held: false, what: 'entered', count: 1 }];
  if (step === 1) return { ops: [entered, requested], attempts: [], counts };
  const before = step - 1;
  const exit = { position: step * 100, exit: { at: NEW_YEAR + step, reason: 'exitRule' }, withheld: 'cap' };
  return {
    ops: [
      entered,
      requested,
      { op: 'enrolment', no: before, ...PLAY, changes: [exit] },
      { op: 'action', action: `a-${before}`, set: { state: 'delivered', settledAt: NEW_YEAR } },
      { op: 'withheld', no: 1, play: 'welcome', position: step },
    ],
    attempts: [{ action: `a-${before}`, position: step * 7, set: { attempts: 1, lastResult: 'ok' } }],
    counts,
  };
}

/** Flush number `step`, from 1: always of the same content. */
export function someFlush(step: number): Flush {
  const chain = { chain: true, history: true } as const;
  return flush(step * 1000, {
    customers: [customer(step, { partition: 0 }), customer(1, { partition: 0, touchpoints: step, due: step })],
    chunks: [{ no: step, chunk: 0, bytes: Uint8Array.of(step) }],
    profiles: [{ no: step, customerId: `customer-${step}`, traits: '{}', personal: `{"step":${step}}` }],
    changes: [
      { op: 'dropChain', no: 1 },
      { op: 'add', row: change(step * 1000 - 2, 1, { to: 'loyal', at: NEW_YEAR - step, ...chain }) },
      { op: 'add', row: change(step * 1000 - 1, step, { at: NEW_YEAR + step }) },
      { op: 'amend', no: step, axis: 'stage', position: step * 1000 - 1, from: 'lead', hidden: step % 3 === 0 },
    ],
    parked: [{ op: 'add', row: parked(step, 1) }, ...(step > 1 ? [{ op: 'remove' as const, position: step - 1 }] : [])],
    counters: [counter('lead', step), counter('loyal', step % 2)],
    plays: plays(step),
  });
}
