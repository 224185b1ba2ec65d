import { EventCursor, EventPacker, type Chunk } from '@rapport/event-store';
import {
  type ActionRequested,
  type ActionWithheld,
  compileDefinition,
  DEFAULT_DEFINITION_TEXT,
  parseDefinition,
  type PlayDecision,
  type PlayEntered,
} from '@rapport/journey';
import type { PlayOp } from '@rapport/read-models';
import { ACTION_EVENT } from '../dispatch/action-events';
import { newRecord, type CustomerRecord } from './customer-record';
import { PlaysInForce } from './plays-in-force';

const AT = Date.UTC(2026, 0, 1);
const ACTION = 'a'.repeat(32);
const of = { play: 'welcome', enrolment: 1, playVersion: 1, at: AT };
const cause = { kind: 'timer', due: AT } as const;
const act = { verb: 'give', what: 'thanks', channel: 'email' } as const;

const entered: PlayEntered = {
  ...{ type: 'PlayEntered', ...of, trigger: { on: 'audience', run: 1 }, held: false, first: true },
  ...{ goalUntil: AT + 9, evidence: [], cause },
};
const requested: ActionRequested = {
  ...{ type: 'ActionRequested', ...of, step: '0', round: 0, action: ACTION, ...act, purpose: 'relationship' },
  ...{ notBefore: AT, sendBefore: AT + 5, evidence: [], cause },
};
const withheld: ActionWithheld = {
  ...{ type: 'ActionWithheld', ...of, step: '0', action: ACTION, ...act, reason: 'cap', until: AT + 7 },
  ...{ final: false, then: 'wait', evidence: [], cause },
};
const completed: PlayDecision = { type: 'PlayExited', ...of, reason: 'completed', step: '0', cause };

function anna(): CustomerRecord {
  const parsed = parseDefinition(DEFAULT_DEFINITION_TEXT, 'the default');
  if (!parsed.ok) throw new Error('the default definition is faulty');
  return newRecord(7, 'anna', 0, compileDefinition(parsed.definition, 1, { meanings: () => [] }));
}

function opsOf(plays: PlaysInForce, ...decisions: PlayDecision[]): PlayOp[] {
  const record = anna();
  decisions.forEach((decision, i) => plays.place(record, decision, 100 + i));
  return plays.take()!.ops;
}

describe('rows of plays from decisions', () => {
  it('are nothing where nothing was decided, and after they were handed out', () => {
    const plays = new PlaysInForce();
    expect(plays.take()).toBeUndefined();
    opsOf(plays, entered);
    expect(plays.take()).toBeUndefined();
    plays.place(
      anna(),
      { type: 'CommandRefused', commandId: 'c', command: 'stop', at: AT, because: 'full', detail: '' },
      1,
    );
    expect(plays.take()).toBeUndefined();
  });

  it('come as one row each, however much one flush says of an enrolment and its action', () => {
    const settled: PlayDecision = {
      ...{ type: 'ActionSettled', ...of, step: '0', action: ACTION, result: 'delivered', sentAt: AT + 3 },
      ...{ refunded: false, cause },
    };
    const plays = new PlaysInForce();
    const record = anna();
    [entered, withheld, requested, settled, completed].forEach((one, i) => plays.place(record, one, 100 + i));
    const { ops, counts } = plays.take()!;
    expect(ops).toMatchObject([
      { op: 'entered', row: { no: 7, play: 'welcome', phase: 'watching', until: AT + 9, position: 104, exitedAt: AT } },
      { op: 'requested', row: { action: ACTION, state: 'delivered', settledAt: AT + 3, position: 102 } },
      { op: 'withheld', play: 'welcome', position: 101 },
    ]);
    const said = Object.fromEntries(counts.map(({ what, count }) => [what, count]));
    expect(said).toEqual({ entered: 1, first: 1, 'withheld:cap': 1, 'exited:completed': 1 });
  });

  it('say to a store what has changed since the last flush, in the order of the decisions', () => {
    const plays = new PlaysInForce();
    opsOf(plays, entered);
    const waiting: PlayDecision = { type: 'PlayWaiting', ...of, step: '1', kind: 'waitFor', until: Infinity, cause };
    expect(opsOf(plays, withheld, waiting)).toMatchObject([
      {
        op: 'enrolment',
        changes: [
          { position: 100, set: { phase: 'deferred', step: '0', until: AT + 7, withheld: 'cap' }, withheld: 'cap' },
          { position: 101, set: { phase: 'waiting', step: '1', until: null, withheld: '' } },
        ],
      },
      { op: 'withheld' },
    ]);
  });

  it('keep where the log holds the decision that withheld', () => {
    const [, op] = opsOf(new PlaysInForce(), withheld);
    expect(op).toEqual({ op: 'withheld', no: 7, play: 'welcome', position: 100 });
  });

  it('show attempts up to a position', () => {
    const plays = new PlaysInForce();
    const events = [
      [ACTION_EVENT.attemptStarted, { action: ACTION, attempt: 1, at: AT }],
      [
        ACTION_EVENT.attemptEnded,
        { action: ACTION, attempt: 1, at: AT, result: 'retry', detail: '503', nextAt: AT + 9 },
      ],
      [ACTION_EVENT.dispatchCheckpointed, { journey: 1, touchpoints: 1, open: [] }],
      [ACTION_EVENT.actionEnded, { action: ACTION, result: 'failed', at: AT, attempts: 1 }],
    ] as const;
    plays.placeAttempts(chunkOf(events, 50), 52);
    expect(plays.take()?.attempts).toEqual([
      { action: ACTION, position: 50, set: { attempts: 1, nextAttemptAt: null } },
      { action: ACTION, position: 51, set: { lastResult: 'retry', nextAttemptAt: AT + 9 } },
    ]);
  });
});

function chunkOf(events: readonly (readonly [string, object])[], firstPosition: number): Chunk {
  const packer = new EventPacker();
  events.forEach(([type, data], i) =>
    packer.add({
      ...{ id: new Uint8Array(16).fill(i), type, schemaVersion: 1, occurredAt: AT },
      data: Buffer.from(JSON.stringify(data)),
    }),
  );
  const { bytes, count } = packer.take();
  const chunk = { stream: 'actions-00', firstRevision: 0, firstPosition, recordedAt: AT, count, bytes };
  expect(new EventCursor().reset(chunk).next()).toBe(true);
  return chunk;
}
