import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DispatchUnderTest } from './dispatcher.fixture';
import { requested } from './memory-log.fixture';

const ACTIONS = 20_000;
/** With the whole request, of 934 bytes of JSON, it was 2,300. */
const BYTES_EACH_MAX = 1_000;
/** What a request of the default plays holds besides. */
const EVIDENCE = ['audience', 'consent', 'suppression', 'cap', 'quiet'].map((guard) => ({
  ...{ path: `guards.${guard}`, condition: `what ${guard} asks, with its numbers`, holds: true, value: 'person' },
  touchpoints: [],
}));

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('an action that is held', () => {
  it('costs little memory, and is sent with all that its request says', async () => {
    const under = new DispatchUnderTest();
    under.mode = 'off';
    const ask = (i: number): void =>
      under.log.decide(`customer-${i}`, requested(String(i).padStart(32, '0'), { evidence: EVIDENCE }));
    for (let i = 0; i < 100; i++) ask(i);
    const chunks = under.log.chunks.length;
    const before = heapUsed();
    for (let i = 100; i < 100 + ACTIONS; i++) ask(i);
    // The log in memory is not the dispatcher's.
    under.log.chunks.splice(chunks);
    expect((heapUsed() - before) / ACTIONS).toBeLessThan(BYTES_EACH_MAX);
    await under.settle();
  });

  it('whose customer was erased between two attempts is withdrawn', async () => {
    const under = new DispatchUnderTest();
    under.channels[0]!.answer = () => ({ result: 'retry', detail: '503' });
    under.log.decide('ann', requested('0123456789abcdef0123456789abcdef'));
    await under.settle();
    under.erased.add('ann');
    await under.at(60_000);
    expect(under.channels[0]!.attempts).toHaveLength(1);
    expect(under.log.outcomes()).toMatchObject([{ type: 'action.withdrawn', properties: { reason: 'erased' } }]);
    expect(under.failures).toEqual([]);
  });
});
