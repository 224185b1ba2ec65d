/** A seeded simulation of customers over some months: the same parameters give the same touchpoints, in the order of time. */
import { DAY_MS, type Properties, type Touchpoint } from '@rapport/journey';
import { FIRST_NAMES, LAST_NAMES, PLACES } from './names';
import { PERSONAS, type Persona } from './personas';
import { Prng } from './prng';
import { SimulatedCustomer, type Window } from './simulated-customer';

export interface SimulationOptions {
  customers: number;
  months: number;
  seed: number;
  /** The end of the window, ms, excluded. */
  until: number;
}

export function simulatedCustomerId(seed: number, index: number): string {
  return `sim-${seed}-${String(index + 1).padStart(4, '0')}`;
}

/** The moment as many calendar months before (UTC). */
export function monthsBefore(until: number, months: number): number {
  const date = new Date(until);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, daysInMonth));
  return date.getTime();
}

/** Midnight (UTC) at which the day of `now` began. */
export function midnightBefore(now: number): number {
  return Math.floor(now / DAY_MS) * DAY_MS;
}

/** History, in the order of (occurredAt, customer). */
export function* simulate(options: SimulationOptions): Generator<Touchpoint> {
  const window: Window = { from: monthsBefore(options.until, options.months), until: options.until };
  // The end is part of the ids: the same seed on another day is another history, not a conflict with this one.
  const day = new Date(options.until).toISOString().slice(0, 10).replaceAll('-', '');
  const queue = new CustomerQueue();
  for (let index = 0; index < options.customers; index++) {
    const customer = makeCustomer(options.seed, index, `s${day}`, window);
    if (customer.nextAt !== Infinity) queue.add(customer, index);
  }
  for (let first = queue.first(); first !== undefined; first = queue.first()) {
    yield first.next();
    queue.firstMoved();
  }
}

function makeCustomer(seed: number, index: number, idPrefix: string, window: Window): SimulatedCustomer {
  const prng = new Prng(seed, index + 1);
  const persona = prng.weighted(PERSONAS.map((candidate) => [candidate, candidate.share] as const));
  const profile = makeProfile(prng, persona, index);
  return new SimulatedCustomer(simulatedCustomerId(seed, index), idPrefix, persona, prng, window, profile);
}

function makeProfile(prng: Prng, persona: Persona, index: number): Properties {
  const first = prng.pick(FIRST_NAMES);
  const last = prng.pick(LAST_NAMES);
  const [locale, timeZone] = prng.pick(PLACES);
  return {
    kind: persona.kind,
    name: `${first} ${last}`,
    email: `${first}.${last}.${index + 1}@example.com`.toLowerCase(),
    locale,
    timeZone,
  };
}

/** A binary heap of customers by the moment of their next touchpoint; equal moments by the customer's number. */
class CustomerQueue {
  private readonly heap: { customer: SimulatedCustomer; index: number }[] = [];

  add(customer: SimulatedCustomer, index: number): void {
    this.heap.push({ customer, index });
    for (let at = this.heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  first(): SimulatedCustomer | undefined {
    return this.heap[0]?.customer;
  }

  /** Call when the first customer's next moment has changed. */
  firstMoved(): void {
    if (this.first()?.nextAt === Infinity) this.dropFirst();
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      let least = at;
      if (this.before(left, least)) least = left;
      if (this.before(left + 1, least)) least = left + 1;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private dropFirst(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.heap[0] = last;
  }

  private before(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (x === undefined || y === undefined) return false;
    return x.customer.nextAt === y.customer.nextAt ? x.index < y.index : x.customer.nextAt < y.customer.nextAt;
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (x !== undefined && y !== undefined) [this.heap[a], this.heap[b]] = [y, x];
  }
}
