import { DAY_MS, HOUR_MS } from '@rapport/journey';
import { parse } from 'yaml';
import { PLACES } from '../simulation/names';
import { demoDefinition } from './demo-definition';

const DAYS = [Date.UTC(2026, 0, 4), Date.UTC(2026, 2, 20), Date.UTC(2026, 6, 1), Date.UTC(2026, 9, 28)];
const HALF_PAST_MS = HOUR_MS / 2;

function hourIn(zone: string, at: number): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(at));
}

interface Guarded {
  guards: { quiet: { from: string; until: string }; caps: object[] };
}

/** Zones in which it is quiet at this moment. */
function quietZones(at: number): string[] {
  const { from, until } = (parse(demoDefinition(at)) as Guarded).guards.quiet;
  const [first, last] = [Number.parseInt(from, 10), Number.parseInt(until, 10)];
  const isQuiet = (hour: number): boolean =>
    first < last ? hour >= first && hour < last : hour >= first || hour < last;
  return PLACES.map(([, zone]) => zone).filter((zone) => isQuiet(hourIn(zone, at)));
}

describe('the definition of the demo', () => {
  it('lets everybody be written to at any hour but those in Tokyo, all year round', () => {
    const moments = DAYS.flatMap((day) =>
      Array.from({ length: DAY_MS / HOUR_MS }, (_, i) => day + i * HOUR_MS + HALF_PAST_MS),
    );
    for (const at of moments) expect([at, quietZones(at)]).toEqual([at, ['Asia/Tokyo']]);
  });

  it('keeps the other guards of the default plays', () => {
    expect((parse(demoDefinition(0)) as Guarded).guards.caps).toContainEqual({
      channel: 'email',
      atMost: 2,
      within: '7d',
    });
  });
});
