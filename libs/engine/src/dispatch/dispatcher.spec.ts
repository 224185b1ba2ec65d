import { PLAY_CONTROL } from '@rapport/journey';
import { DispatchUnderTest, FakeChannel } from './dispatcher.fixture';
import { dataOf, requested, START } from './memory-log.fixture';
import type { AttemptEnded } from './action-events';
import { WAKE_PRUNE_MIN } from './wake-heap';

const HOUR = 3_600_000;
const under = (spec = {}) => new DispatchUnderTest([new FakeChannel(spec)]);

describe('the dispatcher', () => {
  it('writes an attempt down before it starts, and the outcome back after its end is on disk', async () => {
    const it = under();
    it.channels[0]!.answer = () => {
      expect(it.log.story()).toEqual(['ActionRendered', 'AttemptStarted 1']);
      expect(it.log.outcomes()).toEqual([]);
      return { result: 'delivered', detail: '200' };
    };
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.log.story().slice(2)).toEqual(['AttemptEnded 1 delivered', 'ActionEnded delivered']);
    expect(it.log.outcomes()).toMatchObject([
      {
        type: 'action.delivered',
        touchpointId: 'a1-delivered',
        properties: { action: 'a1', verb: 'give', attempts: 1 },
      },
    ]);
    expect(it.channels[0]!.attempts).toHaveLength(1);
    expect(it.dispatcher.partitions.every((own) => own.open.size === 0)).toBe(true);
  });

  it('makes no message before the read models show its request, and asks once for all that wait', async () => {
    const it = under();
    it.shown = 0;
    for (let i = 0; i < 20; i++) it.log.decide(`c${i}`, requested(`a${i}`));
    for (let ms = 0; ms < 1_000; ms += 50) await it.at(ms);
    expect(it.renders).toBe(0);
    expect(it.dispatcher.nextWake()).toBeGreaterThan(it.time);
    it.shown = Infinity;
    for (let ms = 1_000; ms < 3_000; ms += 50) await it.at(ms);
    expect(it.renders).toBe(20);
    expect(it.log.outcomes()).toHaveLength(20);
  });

  it('sends the same bytes at each attempt, backs off, and gives up visibly', async () => {
    const it = under();
    it.channels[0]!.answer = () => ({ result: 'retry', detail: '503' });
    it.log.decide('ann', requested('a1'));
    for (let ms = 0; ms < 30_000; ms += 250) await it.at(ms);
    expect(it.channels[0]!.attempts.map((attempt) => attempt.message.bytes)).toEqual(
      new Array<string>(4).fill('thanks 1'),
    );
    expect(it.renders).toBe(1);
    const waits = it.log
      .events('actions-')
      .filter((event) => event.type === 'AttemptEnded')
      .map((event) => dataOf<AttemptEnded>(event))
      .flatMap(({ at, nextAt }) => (nextAt === undefined ? [] : [nextAt - at]));
    expect(waits).toEqual([500, 1_000, 2_000]);
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.failed', properties: { reason: 'attemptsUsedUp' } }]);
  });

  it('heeds Retry-After for the whole destination and delays no other', async () => {
    const it = under();
    it.channels[0]!.answer = ({ action }) =>
      action === 'a1' ? { result: 'retry', detail: '429', retryAfterMs: 60_000 } : { result: 'delivered', detail: '' };
    it.log.decide('ann', requested('a1', { what: 'busy' }));
    await it.settle();
    it.log.decide('ann', requested('a2', { what: 'busy' }));
    it.log.decide('ann', requested('a3', { what: 'well' }));
    await it.at(1_000);
    expect(it.channels[0]!.attempts.map((attempt) => attempt.action)).toEqual(['a1', 'a3']);
    await it.at(61_000);
    expect(it.channels[0]!.attempts.map((attempt) => attempt.action).sort()).toEqual(['a1', 'a1', 'a2', 'a3']);
  });

  it('rests a destination that fails, then lets one attempt try it', async () => {
    const it = under({ attemptsMax: 100, backoffBaseMs: 1, backoffMaxMs: 1, concurrency: 1 });
    it.channels[0]!.answer = () => ({ result: 'retry', detail: 'ECONNREFUSED' });
    for (let i = 0; i < 20; i++) it.log.decide('ann', requested(`a${i}`));
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(5);
    expect(it.dispatcher.nextWake()).toBeGreaterThan(it.time);
    await it.at(15_001);
    expect(it.channels[0]!.attempts).toHaveLength(6);
    it.channels[0]!.answer = () => ({ result: 'delivered', detail: '200' });
    await it.at(60_000);
    for (let i = 0; i < 20; i++) await it.settle();
    expect(it.log.outcomes()).toHaveLength(20);
  });

  it('a channel that never answers is given up on, and is in doubt', async () => {
    const it = under({ inDoubt: 'human', timeoutMs: 10 });
    it.channels[0]!.answer = () => new Promise(() => undefined);
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.in-doubt' }]);
  });
});

describe('what fails alone', () => {
  it('a channel that is not there, a message that cannot be made: the others go on', async () => {
    const it = under();
    it.log.decide('ann', requested('a1', { channel: 'pigeon' }));
    it.log.decide('bob', requested('a2', { template: 'throws' }));
    it.log.decide('cid', requested('a3'));
    await it.settle();
    expect(it.failures).toEqual([]);
    expect(
      it.log
        .outcomes()
        .map(({ type, properties }) => [type, properties.action, properties.reason])
        .sort(),
    ).toEqual([
      ['action.delivered', 'a3', undefined],
      ['action.failed', 'a1', 'refused'],
      ['action.failed', 'a2', 'templateFailed'],
    ]);
  });
});

describe('what is checked before an attempt', () => {
  it('nothing before notBefore, nothing after sendBefore: expired', async () => {
    const it = under();
    it.log.decide('ann', requested('a1', { notBefore: START + HOUR, sendBefore: START + 2 * HOUR }));
    it.log.decide('ann', requested('a2', { notBefore: START + 3 * HOUR, sendBefore: START + 4 * HOUR }));
    await it.at(HOUR - 1);
    expect(it.channels[0]!.attempts).toHaveLength(0);
    await it.at(HOUR);
    expect(it.channels[0]!.attempts).toHaveLength(1);
    await it.at(4 * HOUR + 1);
    expect(it.channels[0]!.attempts).toHaveLength(1);
    expect(it.log.outcomes().map(({ type }) => type)).toEqual(['action.delivered', 'action.expired']);
  });

  it.each(['off', 'sandbox'] as const)('effects %s: nothing leaves', async (mode) => {
    const it = under();
    it.mode = mode;
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(0);
    expect(it.outbox).toHaveLength(mode === 'off' ? 0 : 1);
    if (mode === 'sandbox') return expect(it.log.outcomes()).toMatchObject([{ properties: { sandbox: true } }]);
    await it.at(4 * HOUR + 1);
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.expired' }]);
  });

  it('switched off, it stops at once; switched on, it goes on', async () => {
    const it = under();
    it.channels[0]!.answer = () => ({ result: 'retry', detail: '503' });
    it.log.decide('ann', requested('a1'));
    await it.settle();
    it.mode = 'off';
    await it.at(10_000);
    expect(it.channels[0]!.attempts).toHaveLength(1);
    it.mode = 'live';
    it.dispatcher.release();
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(2);
  });

  it('a paused channel holds, and goes on when it is resumed', async () => {
    const it = under();
    for (const stream of ['touchpoints-00', 'touchpoints-01'])
      it.log.control(stream, PLAY_CONTROL.channelPaused, { channel: 'fake', by: 'ops' });
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(0);
    for (const stream of ['touchpoints-00', 'touchpoints-01'])
      it.log.control(stream, PLAY_CONTROL.channelResumed, { channel: 'fake', by: 'ops' });
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(1);
  });

  it('a consent withdrawn after the request, and before a retry, withdraws it', async () => {
    const it = under();
    it.channels[0]!.answer = () => ({ result: 'retry', detail: '503' });
    it.log.decide('ann', requested('a1'));
    it.log.decide('ann', requested('a2', { purpose: 'service' }));
    it.log.decide('bob', requested('a3'));
    await it.settle();
    const properties = { purpose: 'relationship', channel: 'any' };
    it.log.touch({ customerId: 'ann', type: 'consent.withdrawn', properties });
    await it.settle();
    expect(it.log.outcomes()).toMatchObject([
      { type: 'action.withdrawn', properties: { action: 'a1', reason: 'consentWithdrawn' } },
    ]);
    await it.at(60_000);
    expect(it.channels[0]!.attempts.filter(({ action }) => action === 'a1')).toHaveLength(1);
  });

  it('an enrolment that was left withdraws what it has not sent', async () => {
    const it = under();
    it.log.decide('ann', requested('a1', { notBefore: START + HOUR }));
    const ofPlay = { play: 'welcome', enrolment: 1, playVersion: 1, at: START };
    it.log.decide('ann', { type: 'PlayExited', ...ofPlay, reason: 'exitRule', step: '0', cause: { kind: 'settling' } });
    await it.at(2 * HOUR);
    expect(it.channels[0]!.attempts).toHaveLength(0);
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.withdrawn' }]);
  });

  it('an address that bounced for one customer is not written to for another, after a restart neither', async () => {
    const it = under({ name: 'email' });
    it.addresses.set('ann', 'Shared@Example.org').set('bob', 'shared@example.org');
    it.log.touch({ customerId: 'ann', type: 'email.bounced' });
    await it.settle();
    it.log.decide('bob', requested('a1', { channel: 'email' }));
    await it.settle();
    it.start();
    it.log.decide('bob', requested('a2', { channel: 'email' }));
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(0);
    expect(it.log.outcomes()).toMatchObject([
      { type: 'action.withdrawn', properties: { reason: 'suppressedAddress' } },
      { type: 'action.withdrawn', properties: { reason: 'suppressedAddress' } },
    ]);
    const said = JSON.stringify(it.log.events('').map((event) => Buffer.from(event.data).toString()));
    expect(said.toLowerCase()).not.toContain('shared@example.org');
  });

  it('a withdrawal that comes while the attempt is written down stops it', async () => {
    const it = under();
    const { append } = it.log;
    it.log.append = (requests) => {
      if (requests.some(({ stream }) => stream.startsWith('actions-')))
        it.log.touch({
          customerId: 'ann',
          type: 'consent.withdrawn',
          properties: { purpose: 'relationship', channel: 'fake' },
        });
      return append(requests);
    };
    it.log.decide('ann', requested('a1'));
    await it.settle();
    expect(it.channels[0]!.attempts).toHaveLength(0);
    expect(it.log.outcomes()).toMatchObject([{ type: 'action.withdrawn' }]);
  });

  it('a bounce of the same address that comes while the attempt is written down stops it', async () => {
    const it = under({ name: 'email' });
    it.addresses.set('ann', 'shared@example.org').set('bob', 'shared@example.org');
    const { append } = it.log;
    it.log.append = (requests) => {
      if (requests.some(({ stream }) => stream.startsWith('actions-'))) {
        it.log.touch({ customerId: 'ann', type: 'email.bounced' });
        it.dispatcher.pump();
      }
      return append(requests);
    };
    it.log.decide('bob', requested('a1', { channel: 'email' }));
    await it.settle();
    await it.at(60_000);
    expect(it.channels[0]!.attempts).toHaveLength(0);
    expect(it.log.outcomes()).toMatchObject([
      { type: 'action.withdrawn', properties: { reason: 'suppressedAddress' } },
    ]);
  });

  it('keeps no moments of actions that are over, however late they would have expired', async () => {
    const it = under();
    const last = START + 1_000 * HOUR;
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 100; i++) it.log.decide('ann', requested(`a${round}-${i}`, { sendBefore: last }));
      await it.at(round * 1_000);
    }
    expect(it.channels[0]!.attempts).toHaveLength(4_000);
    expect(it.dispatcher.timersHeld).toBeLessThanOrEqual(WAKE_PRUNE_MIN + 1);
  });
});
