import { readCommand } from './commands';

describe('a command in the log', () => {
  it('is read where this version knows it', () => {
    const command = { commandId: 'c-1', by: 'ann', command: 'enrol', play: 'welcome' };
    expect(readCommand(JSON.stringify(command))).toEqual(command);
  });

  it.each(['', '[]', 'null', '"enrol"', '{}', '{"command":"dance"}', '{"command":"toString"}', '{"command":5}'])(
    'decides nothing where it is %s',
    (data) => {
      expect(readCommand(data)).toBeNull();
    },
  );
});
