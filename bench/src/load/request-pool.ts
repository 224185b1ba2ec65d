/** Requests built beforehand. Before each use only ids, customers and the moment are overwritten in place. */
import { liveTemplates } from '../plays/live-template';
import { customerId, ID_BYTES, MOMENT_BYTES, seeded, template, type Template } from '../touchpoints';
import type { LoadPlan } from './load-plan';

const DIGIT_ZERO = 0x30;
const HEX = Buffer.from('0123456789abcdef', 'latin1');

interface Place {
  id: number;
  /** Where the digits of the customer's number start. */
  customer: number;
  moment: number;
}

export interface BuiltRequest {
  bytes: Buffer;
  places: Place[];
}

/** Chooses customers and writes what is particular to one sending into a request. */
export class RequestWriter {
  private readonly random: () => number;
  private readonly seedHex: Buffer;
  private serial = 0;
  private next = 0;
  private fresh: number;
  private momentAt = 0;
  private moment = Buffer.alloc(MOMENT_BYTES);

  private readonly make: (extra: Record<string, unknown>) => Template;

  constructor(private readonly plan: LoadPlan) {
    this.random = seeded(plan.seed);
    const own = (extra: Record<string, unknown>): Template => template(this.random, extra);
    this.make = plan.mix === 'simulation' ? liveTemplates(plan.seed) : own;
    this.seedHex = Buffer.from(`${plan.seed.toString(16).padStart(8, '0').slice(-8)}-bbbb-7bbb-8bbb-`, 'latin1');
    this.fresh = plan.customers.from + plan.customers.count;
  }

  build(): BuiltRequest {
    const extra = this.plan.history ? { history: true } : {};
    const items = Array.from({ length: this.plan.batch }, () => this.make(extra));
    const opening = this.plan.batch === 1 ? '' : '[';
    const body = opening + items.map((item) => item.text).join(',') + (opening && ']');
    const head =
      `POST /v1/touchpoints HTTP/1.1\r\nHost: 127.0.0.1:${this.plan.port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return { bytes: Buffer.from(head + body, 'latin1'), places: placesOf(items, head.length + opening.length) };
  }

  /** Makes the request new. Calls `onFresh` with the number of each customer that nobody has heard of yet. */
  renew(request: BuiltRequest, onFresh?: (customer: number) => void): void {
    this.readClock();
    const freshShare = this.plan.customers.freshShare ?? 0;
    for (const place of request.places) {
      this.writeId(request.bytes, place.id);
      const isFresh = freshShare > 0 && this.random() < freshShare;
      const customer = isFresh ? this.fresh++ : this.choose();
      if (isFresh) onFresh?.(customer);
      writeDigits(request.bytes, place.customer, customer);
      this.moment.copy(request.bytes, place.moment);
    }
  }

  private choose(): number {
    const { from, count, order } = this.plan.customers;
    if (order === 'sequence') return from + (this.next++ % count);
    return from + Math.floor(this.random() * count);
  }

  /** A name of 36 characters in the shape of a UUID: the seed, then a serial number. */
  private writeId(bytes: Buffer, at: number): void {
    this.seedHex.copy(bytes, at);
    let serial = this.serial++;
    for (let i = at + ID_BYTES - 1; i >= at + this.seedHex.length; i--) {
      bytes[i] = HEX[serial & 15]!;
      serial = Math.floor(serial / 16);
    }
  }

  private readClock(): void {
    const now = Date.now();
    if (now === this.momentAt) return;
    this.momentAt = now;
    this.moment.write(new Date(now).toISOString(), 'latin1');
  }
}

function placesOf(items: Template[], start: number): Place[] {
  let at = start;
  return items.map((item) => {
    const place = { id: at + item.idAt, customer: at + item.customerAt + customerPrefix, moment: at + item.momentAt };
    at += item.text.length + 1;
    return place;
  });
}

const customerPrefix = customerId(0).indexOf('0');
const customerDigits = customerId(0).length - customerPrefix;

function writeDigits(bytes: Buffer, at: number, number: number): void {
  let left = number;
  for (let i = at + customerDigits - 1; i >= at; i--) {
    bytes[i] = DIGIT_ZERO + (left % 10);
    left = Math.floor(left / 10);
  }
}
