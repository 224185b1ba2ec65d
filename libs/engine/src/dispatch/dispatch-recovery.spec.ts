import { DispatchUnderTest, FakeChannel } from './dispatcher.fixture';
import { dataOf, MemoryLog, requested, START } from './memory-log.fixture';
import type { ActionEnded } from './action-events';

const HOUR = 3_600_000;
const under = (spec = {}) => new DispatchUnderTest([new FakeChannel(spec)]);

describe('after the end of the process', () => {
  /** Ends the process just before its nth append, then starts another over what the log holds. */
  async function killedBefore(nth: number, spec = {}): Promise<DispatchUnderTest> {
    const it = under(spec);
    const { append } = it.log;
    let appends = 0;
    it.log.append = (requests) => {
      it.log.dead ||= ++appends >= nth;
      return append(requests);
    };
    it.log.decide('ann', requested('a1'));
    it.dispatcher.pump();
    for (let i = 0; i < 50; i++) await new Promise((turn) => setImmediate(turn));
    const before = it.log;
    it.log = new MemoryLog(() => it.time);
    for (const chunk of before.chunks)
      await it.log.append([
        { stream: chunk.stream, expected: 'any', events: { count: chunk.count, bytes: chunk.bytes } },
      ]);
    it.start();
    for (let ms = 0; ms < 5_000; ms += 500) await it.at(ms);
    return it;
  }

  it.each([1, 2, 3, 4])(
    'killed before append %i, the receiver sees one effect and the log one outcome',
    async (nth) => {
      const it = await killedBefore(nth);
      expect(
        new Set(it.channels[0]!.attempts.map(({ action, message }) => action + message.bytes.slice(0, 6))).size,
      ).toBe(1);
      expect(it.log.outcomes().map(({ type }) => type)).toEqual(['action.delivered']);
    },
  );

  it('a channel without idempotency keys asks a human', async () => {
    const it = await killedBefore(2, { inDoubt: 'human' });
    expect(it.channels[0]!.attempts).toHaveLength(1);
    expect(it.log.outcomes().map(({ type }) => type)).toEqual(['action.in-doubt']);
    const ofPlay = { play: 'welcome', enrolment: 1, playVersion: 1, at: it.time, step: '0', action: 'a1' };
    const cause = { kind: 'command', commandId: 'c1', by: 'kim' } as const;
    it.log.decide('ann', {
      ...{ type: 'ActionSettled', ...ofPlay, result: 'delivered', sentAt: START + 5, refunded: false },
      ...{ reason: 'resolvedByHand', cause },
    });
    await it.settle();
    const ended = it.log.events('actions-').filter(({ type }) => type === 'ActionEnded');
    expect(ended.map((event) => dataOf<ActionEnded>(event))).toMatchObject([
      { result: 'in-doubt' },
      { result: 'delivered', at: START + 5, reason: 'resolvedByHand' },
    ]);
    expect(it.log.outcomes().at(-1)).toMatchObject({ type: 'action.delivered' });
  });

  it('what may have arrived is never said to have expired', async () => {
    const it = under();
    it.channels[0]!.answer = () => ({ result: 'inDoubt', detail: 'ECONNRESET' });
    it.log.decide('ann', requested('a1', { sendBefore: START + 400 }));
    await it.settle();
    await it.at(2 * HOUR);
    expect(it.channels[0]!.attempts).toHaveLength(1);
    expect(it.log.outcomes().map(({ type }) => type)).toEqual(['action.in-doubt']);
  });

  it('a second dispatcher of the same partition fences off the first', async () => {
    const it = under();
    it.log.control('actions-00', 'AttemptStarted', { action: 'x' });
    it.log.control('actions-01', 'AttemptStarted', { action: 'x' });
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.failures).toHaveLength(1);
    expect(it.failures[0]!.message).toContain('another dispatcher');
    expect(it.channels[0]!.attempts).toHaveLength(0);
  });
});

describe('a task', () => {
  const task = () => under({ name: 'task', reachesCustomer: false });

  it('tells its team once; what became of it comes from people', async () => {
    const it = task();
    it.log.decide('ann', requested('a1', { channel: 'task', verb: 'ask', what: 'reference', team: 'sales' }));
    await it.settle();
    await it.at(100 * HOUR);
    it.start();
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(1);
    expect(it.log.outcomes()).toEqual([]);
    const ofPlay = { play: 'welcome', enrolment: 1, playVersion: 1, at: it.time, action: 'a1' };
    const cause = { kind: 'command', commandId: 'c1', by: 'kim' } as const;
    it.log.decide('ann', {
      type: 'TaskChanged',
      ...ofPlay,
      change: 'finished',
      team: 'sales',
      outcome: 'answered',
      cause,
    });
    it.log.decide('ann', { type: 'ActionSettled', ...ofPlay, step: '0', result: 'delivered', refunded: false, cause });
    await it.settle();
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.delivered', properties: { answer: 'answered' } }]);
  });

  it('is in its queue although its team cannot be told', async () => {
    const it = task();
    it.channels[0]!.answer = () => ({ result: 'failed', detail: '404' });
    it.log.decide('ann', requested('a1', { channel: 'task' }));
    await it.at(100 * HOUR);
    expect(it.log.outcomes()).toEqual([]);
  });
});
