import { createHash } from 'node:crypto';
import { CATALOGUE, DAY_MS, validateTouchpoint, type Touchpoint } from '@rapport/journey';
import { LiveTouchpoints } from './live-touchpoints';
import { Prng } from './prng';
import { midnightBefore, monthsBefore, simulate, type SimulationOptions } from './simulation';

const UNTIL = Date.UTC(2026, 5, 1);
const OPTIONS: SimulationOptions = { customers: 500, months: 18, seed: 7, until: UNTIL };
const played = [...simulate(OPTIONS)];
const of = (type: string): Touchpoint[] => played.filter((touchpoint) => touchpoint.type === type);
const hash = (touchpoints: Iterable<Touchpoint>): string =>
  createHash('sha256')
    .update(JSON.stringify([...touchpoints]))
    .digest('hex');

describe('the simulation', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(hash(simulate(OPTIONS))).toBe(hash(played));
    expect(hash(simulate({ ...OPTIONS, seed: 8 }))).not.toBe(hash(played));
  });

  it('gives a customer the same life however many others there are', () => {
    const ofFirst = (touchpoints: Touchpoint[]): string =>
      hash(touchpoints.filter((t) => t.customerId === 'sim-7-0001'));
    expect(ofFirst([...simulate({ ...OPTIONS, customers: 3 })])).toBe(ofFirst(played));
  });

  it('comes in the order of time, inside its window, each touchpoint once', () => {
    const from = monthsBefore(UNTIL, 18);
    expect(from).toBe(Date.UTC(2024, 11, 1));
    for (let i = 1; i < played.length; i++) {
      expect((played[i] as Touchpoint).occurredAt).toBeGreaterThanOrEqual((played[i - 1] as Touchpoint).occurredAt);
    }
    expect(played[0]?.occurredAt).toBeGreaterThanOrEqual(from);
    expect(played.at(-1)?.occurredAt).toBeLessThan(UNTIL);
    expect(new Set(played.map((t) => `${t.customerId} ${t.touchpointId}`)).size).toBe(played.length);
  });

  it('is what the API would take, all of it history', () => {
    for (const touchpoint of played) {
      const checked = validateTouchpoint(
        { ...touchpoint, occurredAt: new Date(touchpoint.occurredAt).toISOString() },
        UNTIL,
      );
      expect(checked.ok ? checked.touchpoint : checked.error).toEqual(touchpoint);
    }
    expect(played.every((touchpoint) => touchpoint.history)).toBe(true);
  });

  it('shows all kinds of customers: enough types, channels and people', () => {
    expect(new Set(played.map((t) => t.customerId)).size).toBeGreaterThan(490);
    expect(new Set(played.map((t) => t.type)).size).toBeGreaterThanOrEqual(20);
    expect(new Set(played.map((t) => t.channel)).size).toBeGreaterThanOrEqual(9);
    const kinds = new Set(of('profile.updated').map((t) => t.properties['kind']));
    expect([...kinds].sort()).toEqual(['employee', 'partner', 'person']);
    const buyers = new Set(of('purchase.completed').map((t) => t.customerId));
    const advocates = played.filter((t) => CATALOGUE.meanings(t.type).includes('advocacy'));
    expect(advocates.some((t) => !buyers.has(t.customerId))).toBe(true);
  });

  it('names the purchase of each return, which came before it, and resolves tickets after they were opened', () => {
    const bought = new Map(of('purchase.completed').map((t) => [`${t.customerId} ${t.touchpointId}`, t.occurredAt]));
    const returns = of('purchase.returned');
    expect(returns.length).toBeGreaterThan(20);
    for (const back of returns) {
      const at = bought.get(`${back.customerId} ${back.properties['returnOf'] as string}`);
      expect(at).toBeLessThan(back.occurredAt);
    }
    const opened = new Map<string, number>();
    for (const t of played) {
      if (CATALOGUE.meanings(t.type).includes('complaint'))
        opened.set(`${t.customerId} ${t.properties['ticketId'] as string}`, t.occurredAt);
    }
    const resolutions = of('support.ticket.resolved');
    expect(resolutions.length).toBeGreaterThan(10);
    expect(opened.size).toBeGreaterThan(resolutions.length);
    for (const t of resolutions)
      expect(opened.get(`${t.customerId} ${t.properties['ticketId'] as string}`)).toBeLessThan(t.occurredAt);
  });

  it('knows midnight and months of every length', () => {
    expect(midnightBefore(Date.UTC(2026, 4, 31, 23, 59))).toBe(Date.UTC(2026, 4, 31));
    expect(monthsBefore(Date.UTC(2026, 4, 31), 3)).toBe(Date.UTC(2026, 1, 28));
    expect((UNTIL - monthsBefore(UNTIL, 18)) / DAY_MS).toBe(547);
  });
});

describe('live touchpoints', () => {
  it('are taken by the API, are no history and never repeat, also after a new start', () => {
    const now = Date.UTC(2026, 5, 1, 12);
    const first = new LiveTouchpoints(7, 500, now);
    const second = new LiveTouchpoints(7, 500, now + 1);
    const made = [...Array(400).keys()].flatMap((i) => [first.next(now + i), second.next(now + i)]);
    for (const touchpoint of made) {
      const checked = validateTouchpoint(
        { ...touchpoint, occurredAt: new Date(touchpoint.occurredAt).toISOString() },
        now + 500,
      );
      expect(checked.ok ? checked.touchpoint : checked.error).toEqual(touchpoint);
    }
    expect(new Set(made.map((t) => t.touchpointId)).size).toBe(800);
    expect(made.some((t) => t.history)).toBe(false);
  });
});

describe('random numbers', () => {
  it('are spread evenly, differ by stream and repeat by seed', () => {
    const draw = (seed: number, stream: number): number[] => {
      const prng = new Prng(seed, stream);
      return Array.from({ length: 20_000 }, () => prng.next());
    };
    const numbers = draw(1, 1);
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(numbers.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(draw(1, 1)).toEqual(numbers);
    expect(draw(1, 2)[0]).not.toBe(numbers[0]);
    expect(draw(2, 1)[0]).not.toBe(numbers[0]);
  });
});
