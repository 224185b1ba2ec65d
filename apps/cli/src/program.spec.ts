import { EXIT } from './exit-code';
import { runProgram } from './program';

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  let output = '';
  const take = (chunk: unknown): boolean => {
    output += String(chunk);
    return true;
  };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation(take);
  const err = jest.spyOn(process.stderr, 'write').mockImplementation(take);
  try {
    return { code: await runProgram(['node', 'rapport', ...args]), output };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

const COMMANDS = [
  ...['serve', 'demo', 'import', 'simulate', 'customers', 'why', 'rebuild', 'verify', 'backup', 'export', 'settle'],
  ...['definition show', 'definition check', 'parked list', 'parked retry', 'clock'],
  ...['plays list', 'plays show', 'plays pause', 'plays resume', 'channels pause', 'channels resume', 'enrol', 'stop'],
  ...['enrolments', 'ledger', 'why-not', 'actions list', 'actions show', 'actions retry', 'actions resolve'],
  ...['tasks list', 'tasks claim', 'tasks give-back', 'tasks reassign', 'tasks finish'],
];

describe('the command line', () => {
  it.each(COMMANDS)('%s has help with an example', async (command) => {
    const { code, output } = await run(...command.split(' '), '--help');
    expect(code).toBe(EXIT.ok);
    expect(output).toMatch(/Examples?:\n {2}/);
  });

  it('names the exit codes and shows its version', async () => {
    expect((await run('--help')).output).toContain('6 partial');
    expect((await run('--version')).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['imprt'], 'Did you mean import?'],
    [['import'], "missing required argument 'file'"],
    [['customers', '--limit', '501'], 'whole number from 1 to 500'],
    [['customers', '--sort', 'name'], 'Allowed choices'],
    [['clock', 'maybe'], 'Allowed choices'],
    [['stop', 'anna', 'welcome'], '--reason'],
    [['tasks', 'finish', 'a1', 'gone'], 'Allowed choices'],
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['simulate', '--until', 'yesterday'], '2026-03-04'],
  ])('says what is wrong with %j and ends with 2', async (args, message) => {
    const { code, output } = await run(...args);
    expect(code).toBe(EXIT.usage);
    expect(output).toContain(message);
  });
});
