import fc from 'fast-check';
import { datePattern } from './date-pattern';
import { isZone, zoneConverter } from './wall-clock';

const iso = (at: number): string => new Date(at).toISOString();

describe('a date pattern', () => {
  it.each([
    ['yyyyMMdd', '19970101', '1997-01-01T00:00:00.000Z'],
    ['yyyy-MM-dd', '2016-02-29', '2016-02-29T00:00:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss', '2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['d/M/yyyy H:mm', '1/12/2010 8:26', '2010-12-01T08:26:00.000Z'],
    ['dd.MM.yyyyTHH:mm:ss.SSS', '01.12.2010T08:26:00.123', '2010-12-01T08:26:00.123Z'],
  ])('%s reads %s', (pattern, text, moment) => {
    expect(iso(datePattern(pattern)?.(text) ?? NaN)).toBe(moment);
  });

  it.each(['2015-02-29', '2016-13-01', '2016-00-10', '2016-01-32', '2016-1-01', '2016-01-011', '', 'x'])(
    'refuses %j, which is no day',
    (text) => expect(datePattern('yyyy-MM-dd')?.(text)).toBeNaN(),
  );

  it.each(['yyyy-MM', 'yyyy-QQ-dd', 'yyyy-MM-dd-dd', 'hello'])('is refused where it is %s', (pattern) => {
    expect(datePattern(pattern)).toBeUndefined();
  });
});

describe('a wall clock of a zone', () => {
  const london = zoneConverter('Europe/London');
  const at = (text: string): string => iso(london(Date.parse(`${text}Z`)));

  it('follows the zone through the year', () => {
    expect(at('2011-01-15T08:00:00')).toBe('2011-01-15T08:00:00.000Z');
    expect(at('2011-07-15T08:00:00')).toBe('2011-07-15T07:00:00.000Z');
  });

  it('changes the offset within the day of the change', () => {
    expect(at('2011-03-27T00:59:59')).toBe('2011-03-27T00:59:59.000Z');
    expect(at('2011-03-27T02:00:00')).toBe('2011-03-27T01:00:00.000Z');
    expect(at('2011-10-30T00:30:00')).toBe('2011-10-29T23:30:00.000Z');
    expect(at('2011-10-30T02:00:00')).toBe('2011-10-30T02:00:00.000Z');
  });

  it('reads an hour that spring leaves out with the offset before it, and the first of two equal hours', () => {
    expect(at('2011-03-27T01:30:00')).toBe('2011-03-27T01:30:00.000Z');
    expect(at('2011-10-30T01:30:00')).toBe('2011-10-30T00:30:00.000Z');
  });

  it('comes back to the same wall clock wherever that exists once', () => {
    const zones = [
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'UTC',
      'America/Sao_Paulo',
    ];
    const converters = new Map(zones.map((zone) => [zone, zoneConverter(zone)]));
    const moment = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, ms) => {
        const instant = Math.floor(ms / 1000) * 1000;
        const wall = wallClock(zone, instant);
        const found = converters.get(zone)?.(wall) ?? NaN;
        // An hour that comes twice may be read as the other of the two: its wall clock is the same all the same.
        expect(wallClock(zone, found)).toBe(wall);
      }),
      { numRuns: 300 },
    );
  });

  it('knows a zone from a slip of the pen', () => {
    expect(isZone('Europe/London')).toBe(true);
    expect(isZone('Europe/Lodon')).toBe(false);
  });
});

function wallClock(zone: string, at: number): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
