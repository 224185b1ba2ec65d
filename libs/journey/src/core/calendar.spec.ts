import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { naiveDay } from '../verification/naive-day';
import { Calendar } from './calendar';

const ZONES = [
  ...['UTC', 'Europe/London', 'America/New_York', 'America/St_Johns', 'America/Havana', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Kwajalein', 'Africa/Casablanca', 'America/Sao_Paulo'],
];
const DAY = 86_400_000;
const moments = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });

describe('days of a zone', () => {
  it('begin at local midnight', () => {
    const london = new Calendar('Europe/London');
    const midsummer = Date.UTC(2024, 5, 21) / DAY;
    expect(london.day(Date.UTC(2024, 5, 20, 23, 0, 0) - 1)).toBe(midsummer - 1);
    expect(london.day(Date.UTC(2024, 5, 20, 23, 0, 0))).toBe(midsummer);
    expect(london.dayEnd(midsummer)).toBe(Date.UTC(2024, 5, 21, 23));
    expect(new Calendar('UTC').dayEnd(midsummer)).toBe(Date.UTC(2024, 5, 22));
  });

  it('never go back, where clocks are put back over a midnight or a date is repeated', () => {
    // Newfoundland put its clocks back at one minute past midnight until 2011.
    const change = Date.UTC(2010, 10, 7, 2, 31);
    const newfoundland = new Calendar('America/St_Johns');
    const day = newfoundland.day(change - 1);
    expect(day).toBe(Date.UTC(2010, 10, 7) / DAY);
    expect(newfoundland.day(change - 60_001)).toBe(day - 1);
    expect(newfoundland.day(change)).toBe(day);
    expect(newfoundland.day(change + 59 * 60_000)).toBe(day);
    expect(newfoundland.dayEnd(day - 1)).toBe(change - 60_000);
  });

  it('are those that the naive code finds, never decrease, and end where the next one begins', () => {
    const calendars = new Map(ZONES.map((zone) => [zone, new Calendar(zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moments, fc.integer({ min: 0, max: 3 * DAY }), (zone, moment, later) => {
        const calendar = calendars.get(zone) as Calendar;
        const day = calendar.day(moment);
        expect(day).toBe(naiveDay(moment, zone));
        expect(calendar.day(moment + later)).toBeGreaterThanOrEqual(day);
        const end = calendar.dayEnd(day);
        expect(calendar.day(end)).toBeGreaterThan(day);
        expect(calendar.day(end - 1)).toBeLessThanOrEqual(day);
      }),
      { numRuns: 1500 },
    );
  });

  it('around every change of clocks are those that the naive code finds', () => {
    for (const zone of ['Europe/London', 'America/St_Johns', 'Pacific/Kwajalein', 'Pacific/Apia', 'America/Havana']) {
      const calendar = new Calendar(zone);
      for (const year of [1969, 1987, 1993, 2006, 2011, 2024])
        for (let hour = 0; hour < 366 * 24; hour += 31) {
          const moment = Date.UTC(year, 0, 1) + hour * 3_600_000 + 31 * 60_000;
          if (calendar.day(moment) !== naiveDay(moment, zone))
            throw new Error(`${zone} ${new Date(moment).toISOString()}`);
        }
    }
  });

  it('refuse a zone that nobody knows', () => {
    expect(() => new Calendar('Atlantis/Capital')).toThrow(RangeError);
  });
});

/**
 * Prints the local time of the machine, then the decisions and the packed state of one life. It runs in a process of its own,
 * under another time zone, so it loads the sources itself.
 */
const PRINT_A_LIFE = `
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const folder = process.argv[1];
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, file);
};

const { Customer, compiled, parsed, DAY } = require(join(folder, 'customer.fixture.ts'));
const { encodeState } = require(join(folder, 'state-codec.ts'));

const definition = parsed(\`
name: zones
timeZone: Europe/London
stages:
  - name: lead
  - name: often
    enter: { distinctDays: purchase, atLeast: 2, within: 3d }
  - name: big
    enter: { sum: purchase, property: value, atLeast: 25, within: 2d }
\`);
const customer = new Customer(compiled(definition));
const begin = Date.UTC(2024, 2, 29, 22, 30);
for (let i = 0; i < 40; i++) {
  const at = begin + i * 5 * 3_600_000;
  if (i % 3 === 0) customer.live({ type: 'purchase.completed', properties: { value: 10 } }, at);
  else if (i % 7 === 1) customer.history({ type: 'purchase.completed', properties: { value: 3 } }, at - 9 * DAY, at);
  else customer.tick(at);
}
console.log(new Date(begin).toString());
console.log(JSON.stringify(customer.decisions));
console.log(Buffer.from(encodeState(customer.state)).toString('hex'));
`;

describe('the zone of the machine', () => {
  it('does not matter: the same bytes and decisions anywhere', () => {
    const outputs = ['UTC', 'America/St_Johns', 'Pacific/Apia'].map((TZ) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', PRINT_A_LIFE, __dirname], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return stdout;
    });
    expect(outputs[0]).toContain('StageChanged');
    // The machine's own clock really was another one.
    expect(new Set(outputs.map((one) => one.split('\n')[0])).size).toBe(3);
    const facts = outputs.map((one) => one.split('\n').slice(1).join('\n'));
    expect(facts[1]).toBe(facts[0]);
    expect(facts[2]).toBe(facts[0]);
  });
});
