import { advance } from './advance';
import { compileDefinition } from './compile-definition';
import { emptyState } from './journey-state';
import { CATALOGUE } from '../language/catalogue/catalogue';
import { DEFAULT_DEFINITION } from './customer.fixture';

describe('a command under a definition without plays', () => {
  const compiled = compileDefinition(DEFAULT_DEFINITION, 1, CATALOGUE);

  it('is refused by name, and the customer has gone live', () => {
    const command = { commandId: 'c-1', by: 'ann', command: 'enrol', play: 'welcome' } as const;
    const result = advance(compiled, emptyState(compiled), { kind: 'command', command, at: 1_000 });
    if (result.needs) throw new Error('nothing waits to be settled');
    expect(result.decisions).toMatchObject([
      { type: 'CommandRefused', commandId: 'c-1', command: 'enrol', at: 1_000, because: 'unknownPlay' },
    ]);
    expect(result.state.wentLiveAt).toBe(1_000);
  });

  it('an audience run says nothing and makes nobody live', () => {
    const result = advance(compiled, emptyState(compiled), { kind: 'audience', play: 'welcome', run: 5, at: 1_000 });
    if (result.needs) throw new Error('nothing waits to be settled');
    expect(result.decisions).toEqual([]);
    expect(result.state.wentLiveAt).toBeNull();
  });
});
