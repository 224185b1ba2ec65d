/** Whoever carries out what plays ask for, and the people with tasks: mostly at once and well, sometimes late, wrongly or not at all. */
import type { ActionRequested, ActionSettled, PlayCommand, Properties } from '@rapport/journey';
import type { Seeded } from './seeded';
import { DAY_MS, HOUR_MS } from './world';

/** What comes of a request: a touchpoint or a command, at a later moment. */
export type Reaction =
  | { at: number; say: string; channel: string; properties: Properties; occurredAt: number; outcome: boolean }
  | { at: number; command: Commanded };
export type Commanded = PlayCommand extends infer C
  ? C extends PlayCommand
    ? Omit<C, 'commandId' | 'by'> & { by?: string }
    : never
  : never;

const MINUTE_MS = 60_000;
const WITHDRAWN_FOR = ['consentWithdrawn', 'noAddress', 'suppressedAddress'];
/** What answers an ask of a kind; others are answered by a survey. */
const ANSWERS: Readonly<Record<string, string>> = {
  ...{ referral: 'referral.accepted', review: 'review.posted', community: 'community.joined' },
  ...{ 'community-answer': 'community.answer.given', story: 'story.published', reference: 'reference.given' },
};

export function reactionsTo(request: ActionRequested, random: Seeded): Reaction[] {
  if (request.team !== undefined) return people(request, random);
  const { notBefore, sendBefore } = request;
  const sentAt = random.between(notBefore, sendBefore);
  const drawn = random.next();
  const late = sendBefore + DAY_MS + random.gap(6 * DAY_MS);
  if (drawn < 0.8) return delivered(request, sentAt, sentAt + random.whole(HOUR_MS), random);
  if (drawn < 0.84) return [outcome(request, 'expired', sendBefore + 1, { reason: 'sendBefore' })];
  if (drawn < 0.88) return failed(request, sentAt, random);
  if (drawn < 0.91) return [outcome(request, 'withdrawn', sentAt, { reason: random.pick(WITHDRAWN_FOR) })];
  if (drawn < 0.95) return doubtful(request, sentAt, random);
  if (drawn < 0.97) return [];
  if (drawn < 0.985) return delivered(request, sentAt, late, random);
  return [outcome(request, 'failed', late)];
}

/** A task is finished by people; what is left to nobody's time stays in the queue. */
function people({ action, at, team }: ActionRequested, random: Seeded): Reaction[] {
  const begins = at + random.gap(DAY_MS);
  const by = random.pick(['ann', 'bob']);
  const reactions: Reaction[] = [];
  if (random.chance(0.6)) reactions.push({ at: begins, command: { command: 'claim', action, by } });
  if (random.chance(0.1)) reactions.push({ at: begins + HOUR_MS, command: { command: 'giveBack', action, by } });
  if (random.chance(0.1) && team !== undefined)
    reactions.push({ at: begins + HOUR_MS, command: { command: 'reassign', action, team, by: 'eve' } });
  if (random.chance(0.15)) return reactions;
  const said = random.pick(['done', 'done', 'done', 'answered', 'declined', 'impossible'] as const);
  const ends = begins + random.gap(2 * DAY_MS);
  return [...reactions, { at: ends, command: { command: 'finish', action, outcome: said, by } }];
}

function outcome(request: ActionRequested, result: string, at: number, more: Properties = {}, told = at): Reaction {
  const { action, verb, what, purpose, play, channel } = request;
  const properties = { action, verb, what, purpose, play, attempts: 1, ...more };
  return { at: told, say: `action.${result}`, channel, properties, occurredAt: at, outcome: true };
}

function delivered(request: ActionRequested, sentAt: number, told: number, random: Seeded): Reaction[] {
  const reactions = [outcome(request, 'delivered', sentAt, {}, told)];
  const after = (type: string, share: number): void => {
    if (random.chance(share)) reactions.push(said(type, request, sentAt + random.gap(DAY_MS)));
  };
  if (request.channel === 'email') {
    after('email.bounced', 0.002);
    after('email.marked-as-spam', 0.001);
    after('email.unsubscribed', 0.002);
    after('email.replied', 0.02);
  }
  if (request.verb === 'ask') {
    after(ANSWERS[request.what] ?? 'survey.answered', 0.35);
    after('survey.declined', 0.05);
  }
  return reactions;
}

function said(type: string, { action }: ActionRequested, at: number): Reaction {
  const scored: Properties = type === 'survey.answered' ? { kind: 'nps', score: 9, driver: 'community' } : {};
  const properties = { action, ...scored };
  return { at, say: type, channel: 'email', properties, occurredAt: at, outcome: false };
}

function failed(request: ActionRequested, at: number, random: Seeded): Reaction[] {
  const reactions = [outcome(request, 'failed', at, { reason: 'attemptsUsedUp' })];
  if (!random.chance(0.4)) return reactions;
  const { action } = request;
  const override = random.chance(0.3);
  const retry = { command: 'retry', action, ...(override && { override, reason: 'it matters' }) } as const;
  return [...reactions, { at: at + random.gap(2 * DAY_MS), command: retry }];
}

/** A human looks into it: mostly it was sent, sometimes nobody finds out. */
function doubtful(request: ActionRequested, at: number, random: Seeded): Reaction[] {
  const reactions = [outcome(request, 'in-doubt', at)];
  if (random.chance(0.2)) return reactions;
  const { action } = request;
  const wasSent = random.chance(0.7);
  const resolve = { command: 'resolve', action, delivered: wasSent, at, reason: 'looked it up' } as const;
  return [...reactions, { at: at + random.gap(5 * DAY_MS), command: resolve }];
}

/** What people settled is told as an outcome, a little later: of tasks, and of doubts that they resolved. */
export function toldAfter(settled: ActionSettled, request: ActionRequested, answer: string | undefined): Reaction[] {
  const { result, at, sentAt, reason } = settled;
  const byPeople = request.team !== undefined || reason === 'resolvedByHand';
  if (!byPeople || (result !== 'delivered' && result !== 'failed')) return [];
  const more: Properties = answer === 'answered' || answer === 'declined' ? { answer } : {};
  return [outcome(request, result, sentAt ?? at, more, at + MINUTE_MS)];
}
