/** What a simulated customer does of their own accord, and what is done to them by others than Rapport. */
import { CATALOGUE, type Properties } from '@rapport/journey';
import type { Seeded } from './seeded';
import { DAY_MS, END, HOUR_MS, START } from './world';

export interface Deed {
  at: number;
  type: string;
  properties: Properties;
  occurredAt: number;
  history: boolean;
}

/** Summer time in both hemispheres, half hours, none at all, and a word that is no zone. */
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Australia/Lord_Howe', 'UTC'],
  'Nowhere/Atlantis',
];
const DRIVERS = ['coolness', 'unique offer', 'shared values', 'community', 'human touch'];

/** What happens again and again: its type, mean gap in days for a lively customer, and what it says. */
const RECURRING: readonly [type: string, everyDays: number, says: (random: Seeded, no: number) => Properties][] = [
  ['web.page.viewed', 25, () => ({})],
  ['purchase.completed', 60, (random) => ({ value: 5 + random.whole(200) })],
  ['review.posted', 200, (random) => ({ rating: 1 + random.whole(5) })],
  ['feedback.praise.given', 250, () => ({})],
  ['community.answer.given', 400, () => ({})],
  ['referral.accepted', 500, () => ({})],
  ['shipment.delayed', 250, () => ({})],
  ['shipment.delivered', 80, () => ({})],
  ['order.delayed', 500, () => ({})],
  ['survey.answered', 300, (random) => ({ kind: 'nps', score: random.whole(11), driver: random.pick(DRIVERS) })],
  ['web.demo.requested', 700, () => ({})],
  ['quote.requested', 700, () => ({})],
  ['product.registered', 500, (_, no) => ({ productId: `p${no % 5}` })],
  ['product.discontinuing', 800, () => ({ productId: 'p1' })],
  ['subscription.started', 400, (random, no) => ({ subscriptionId: `s${no}`, renewsAt: soon(random) })],
  ['email.sent', 60, () => ({})],
  ['gift.sent', 500, () => ({})],
  ['event.invited', 400, (_, no) => ({ eventId: `e${no}` })],
  ['email.bounced', 9_000, () => ({})],
  ['email.unsubscribed', 9_000, () => ({})],
  ['profile.updated', 900, (random) => ({ timeZone: random.pick(ZONES) })],
  ['consent.given', 300, (random) => ({ purpose: purpose(random), channel: channel(random) })],
  ['consent.withdrawn', 2_500, (random) => ({ purpose: purpose(random), channel: channel(random) })],
];

const purpose = (random: Seeded) => random.pick(['relationship', 'relationship', 'marketing', 'employees']);
const channel = (random: Seeded) => random.pick(['email', 'any', 'chat']);
const soon = (random: Seeded) => new Date(START + random.whole(3 * 365) * DAY_MS).toISOString();

/** Of one customer, in the order in which the log reads it. */
export function deedsOf(random: Seeded): Deed[] {
  const joins = START + random.whole(400 * DAY_MS);
  const pace = random.pick([0.4, 1, 1, 2, 6]);
  const employee = random.chance(0.05);
  const deeds = [
    ...beginning(random, joins, employee),
    ...recurring(random, joins, pace),
    ...complaints(random, joins),
  ];
  if (random.chance(0.3)) deeds.push(...imported(random, joins + random.whole(400 * DAY_MS)));
  return deeds.filter((one) => one.at < END).sort((a, b) => a.at - b.at);
}

function deed(type: string, at: number, properties: Properties = {}, occurredAt = at, history = false): Deed {
  if (CATALOGUE.entry(type) === undefined) throw new Error(`${type} is no type of the catalogue.`);
  return { at, type, properties, occurredAt, history };
}

function beginning(random: Seeded, joins: number, employee: boolean): Deed[] {
  const deeds = [deed('web.account.created', joins)];
  if (random.chance(0.7)) deeds.push(deed('profile.updated', joins, { timeZone: random.pick(ZONES) }));
  if (!employee) return deeds;
  return [...deeds, deed('employee.joined', joins + 1), deed('profile.updated', joins + DAY_MS, { kind: 'employee' })];
}

function recurring(random: Seeded, joins: number, pace: number): Deed[] {
  const deeds: Deed[] = [];
  for (const [type, everyDays, says] of RECURRING) {
    const mean = everyDays * DAY_MS * pace;
    for (let at = joins + random.gap(mean), no = 0; at < END; at += random.gap(mean), no++)
      deeds.push(deed(type, at, says(random, no), random.chance(0.05) ? at - random.whole(4 * DAY_MS) : at));
  }
  return deeds;
}

function complaints(random: Seeded, joins: number): Deed[] {
  const deeds: Deed[] = [];
  for (let at = joins + random.gap(400 * DAY_MS), no = 0; at < END; at += random.gap(400 * DAY_MS), no++) {
    const ticketId = `ticket-${no}`;
    deeds.push(deed('support.complaint.opened', at, { ticketId }));
    if (random.chance(0.8)) deeds.push(deed('support.ticket.resolved', at + random.gap(6 * DAY_MS), { ticketId }));
  }
  return deeds;
}

/** Years of history, read within an hour. */
function imported(random: Seeded, at: number): Deed[] {
  const types = RECURRING.filter(([type]) => !/^(profile|consent)\./.test(type));
  return Array.from({ length: 5 + random.whole(20) }, (_, no) => {
    const [type, , says] = random.pick(types);
    return deed(type, at + random.whole(HOUR_MS), says(random, no), at - random.whole(900 * DAY_MS) - DAY_MS, true);
  });
}
