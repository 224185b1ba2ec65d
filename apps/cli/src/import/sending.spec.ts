import { BATCHES_IN_FLIGHT_MAX, type BatchAnswer, type BatchItem } from './batch';
import { Sending } from './sending';

const items = (line: number): BatchItem[] => [{ line, raw: '', sent: {}, touchpoint: {} as BatchItem['touchpoint'] }];
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Call {
  answer(result: BatchAnswer): void;
  fail(error: Error): void;
}

function started(): { sending: Sending; calls: Call[] } {
  const calls: Call[] = [];
  const send = (): Promise<BatchAnswer> =>
    new Promise((resolve, reject) => calls.push({ answer: resolve, fail: reject }));
  return { sending: new Sending(send, () => undefined, 0), calls };
}

describe('sending batches', () => {
  it('counts a line as acknowledged only when every batch before it is, whatever the order of the answers', async () => {
    const { sending, calls } = started();
    for (const line of [10, 20, 30]) await sending.add(items(line));
    calls[2]?.answer({ position: 9, rejected: [] });
    await settled();
    expect(sending.acknowledgedLine).toBe(0);
    calls[0]?.answer({ position: 3, rejected: [] });
    await settled();
    expect(sending.acknowledgedLine).toBe(10);
    calls[1]?.answer({ position: 6, rejected: [] });
    await sending.finish();
    expect(sending).toMatchObject({ acknowledgedLine: 30, accepted: 3, position: 9 });
  });

  it('has a bounded number of batches under way', async () => {
    const { sending, calls } = started();
    for (let i = 1; i <= BATCHES_IN_FLIGHT_MAX; i++) await sending.add(items(i));
    let added = false;
    const next = sending.add(items(99)).then(() => (added = true));
    await settled();
    expect([calls.length, added]).toEqual([BATCHES_IN_FLIGHT_MAX, false]);
    calls[3]?.answer({ position: 1, rejected: [] });
    await next;
    expect(calls).toHaveLength(BATCHES_IN_FLIGHT_MAX + 1);
  });

  it('stops at a failure and never acknowledges past it', async () => {
    const { sending, calls } = started();
    for (const line of [10, 20]) await sending.add(items(line));
    calls[0]?.fail(new Error('the disk is full'));
    calls[1]?.answer({ position: 2, rejected: [] });
    await settled();
    await expect(sending.add(items(30))).rejects.toThrow('the disk is full');
    await expect(sending.finish()).rejects.toThrow('the disk is full');
    expect(sending.acknowledgedLine).toBe(0);
  });
});
