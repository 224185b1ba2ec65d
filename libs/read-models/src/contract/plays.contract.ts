/** What every adapter must keep of plays. */
import type { ActionRow, EnrolmentChange, EnrolmentRow, PlayFlush } from '../play-rows';
import type { ReadModelsUnderTest } from '../read-models.contract';
import { flush, NEW_YEAR } from './rows';

function enrolment(no: number, fields: Partial<EnrolmentRow> = {}): EnrolmentRow {
  return {
    no,
    customerId: `customer-${no}`,
    play: 'welcome',
    enrolment: 1,
    playVersion: 1,
    held: false,
    first: true,
    enteredAt: NEW_YEAR,
    phase: 'waiting',
    step: '',
    until: null,
    withheld: '',
    goalUntil: null,
    convertedAt: null,
    exitedAt: null,
    exitReason: '',
    position: no * 10,
    ...fields,
  };
}

function action(id: string, no: number, fields: Partial<ActionRow> = {}): ActionRow {
  return {
    action: id,
    no,
    customerId: `customer-${no}`,
    play: 'welcome',
    enrolment: 1,
    step: '0',
    verb: 'give',
    what: 'thanks',
    channel: 'email',
    purpose: 'relationship',
    state: 'requested',
    requestedAt: NEW_YEAR,
    notBefore: NEW_YEAR,
    sendBefore: NEW_YEAR + 1,
    settledAt: null,
    reason: '',
    attempts: 0,
    lastResult: '',
    nextAttemptAt: null,
    team: '',
    assignee: '',
    claimedUntil: null,
    slaDue: null,
    escalated: false,
    position: no * 10 + 1,
    events: [],
    ...fields,
  };
}

const nothing = (): PlayFlush => ({ ops: [], attempts: [], counts: [] });

export function playsContract(open: () => Promise<ReadModelsUnderTest>): void {
  let models: ReadModelsUnderTest;
  let position = 0;
  beforeEach(async () => {
    models = await open();
    position = 0;
  });
  afterEach(() => models.close());

  const write = (plays: Partial<PlayFlush>): Promise<void> =>
    models.write(flush(++position, { plays: { ...nothing(), ...plays } }));
  const changed = (no: number, ...changes: EnrolmentChange[]): Promise<void> =>
    write({ ops: [{ op: 'enrolment', no, play: 'welcome', enrolment: 1, changes }] });

  it('knows nothing before the first flush', () => {
    const { plays } = models.queries;
    expect([plays.enrolments({}, 0, 9), plays.actions({}, 0, 9), plays.counters(), plays.withheld(1)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(plays.action('a')).toBeNull();
  });

  it('gives back enrolments as they were written, by every filter and page', async () => {
    const rows = [
      enrolment(1, { held: true, first: false, until: NEW_YEAR, withheld: 'cap', goalUntil: NEW_YEAR + 9 }),
      enrolment(2, { phase: 'acting', step: '2.0.1' }),
      enrolment(2, { play: 'thanks', enrolment: 3, position: 25 }),
    ];
    await write({ ops: rows.map((row) => ({ op: 'entered', row })) });
    const { plays } = models.queries;
    expect(plays.enrolments({}, 0, 9)).toEqual(rows);
    expect(plays.enrolments({}, 10, 1)).toEqual([rows[1]]);
    expect(plays.enrolments({ no: 2 }, 0, 9)).toEqual([rows[1], rows[2]]);
    expect(plays.enrolments({ play: 'welcome', phase: 'acting' }, 0, 9)).toEqual([rows[1]]);
  });

  it('folds on what is decided later, and counts it under the arm of the row', async () => {
    await write({
      ops: [
        { op: 'entered', row: enrolment(1, { goalUntil: NEW_YEAR + 9 }) },
        { op: 'entered', row: enrolment(2, { held: true }) },
      ],
      counts: [
        { play: 'welcome', held: false, what: 'under way', count: 1 },
        { play: 'welcome', held: true, what: 'under way', count: 1 },
      ],
    });
    await changed(1, {
      position: 31,
      set: { phase: 'deferred', step: '0', until: 5, withheld: 'cap' },
      withheld: 'cap',
    });
    await changed(1, { position: 32, exit: { at: NEW_YEAR + 3, reason: 'completed' } });
    expect(models.queries.plays.enrolments({ no: 1 }, 0, 9)).toMatchObject([
      { position: 32, phase: 'watching', until: NEW_YEAR + 9, exitReason: 'completed', withheld: 'cap' },
    ]);
    await changed(1, { position: 33, convertedAt: NEW_YEAR + 4 });
    await changed(2, { position: 34, exit: { at: NEW_YEAR + 4, reason: 'exitRule' } });
    expect(models.queries.plays.enrolments({ phase: 'ended' }, 0, 9)).toMatchObject([
      { no: 1, convertedAt: NEW_YEAR + 4, exitReason: 'completed' },
      { no: 2, exitReason: 'exitRule', exitedAt: NEW_YEAR + 4 },
    ]);
    expect(models.queries.plays.counters()).toEqual([
      { play: 'welcome', held: false, what: 'converted', count: 1 },
      { play: 'welcome', held: false, what: 'exited:completed', count: 1 },
      { play: 'welcome', held: false, what: 'first converted', count: 1 },
      { play: 'welcome', held: false, what: 'withheld:cap', count: 1 },
      { play: 'welcome', held: true, what: 'exited:exitRule', count: 1 },
    ]);
  });

  it('keeps actions, what is settled of them, and their attempts, which may come in the same flush', async () => {
    const rows = [
      action('a', 1),
      action('b', 2, { channel: 'task', team: 'sales', assignee: 'ann', claimedUntil: 7, slaDue: 9, escalated: true }),
    ];
    await write({
      ops: rows.map((row) => ({ op: 'requested', row })),
      attempts: [{ action: 'a', position: 30, set: { attempts: 1, lastResult: 'retry', nextAttemptAt: 8 } }],
    });
    await write({ ops: [{ op: 'action', action: 'a', set: { state: 'delivered', settledAt: 4 } }] });
    const { plays } = models.queries;
    const delivered = {
      state: 'delivered',
      settledAt: 4,
      attempts: 1,
      lastResult: 'retry',
      nextAttemptAt: 8,
      events: [30],
    };
    expect(plays.action('a')).toEqual({ ...rows[0], ...delivered });
    expect(plays.actions({ states: ['delivered', 'failed'] }, 0, 9)).toHaveLength(1);
    expect(plays.actions({ team: 'sales', assignee: 'ann', states: ['requested'] }, 0, 9)).toEqual([rows[1]]);
    expect(plays.actions({ no: 1, channels: ['email'], plays: ['welcome'] }, 0, 9)).toHaveLength(1);
    expect(plays.actions({}, 11, 9)).toEqual([rows[1]]);
  });

  it('keeps the last withholding of each customer and play, and shows everything in the dump', async () => {
    const withheld = (at: number) => ({ op: 'withheld', no: 1, play: 'welcome', position: at }) as const;
    await write({ ops: [withheld(5), { op: 'entered', row: enrolment(1) }, { op: 'requested', row: action('a', 1) }] });
    await write({ ops: [withheld(6)], counts: [{ play: 'welcome', held: false, what: 'entered', count: 2 }] });
    expect(models.queries.plays.withheld(1)).toEqual([{ play: 'welcome', position: 6 }]);
    const dumped = [...models.queries.dump()].map((line) => (JSON.parse(line) as { model: string }).model);
    expect(dumped).toEqual(['checkpoint', 'enrolment', 'action', 'playWithheld', 'playCounter']);
  });
}
