/** Engagement over plain arrays. */
import type { ConditionEvidence } from '../decision';
import type { Engagement, EngagementStep } from '../definition';
import { formatDuration } from '../language/duration';
import type { FoldedTouchpoint } from '../touchpoint';
import { naiveDay } from './naive-day';
import { valueOf, type World } from './naive-world';

const DAY_MS = 86_400_000;

export interface NaiveEngagement {
  value: Engagement;
  conditions: ConditionEvidence[];
}

export function naiveEngagement(world: World, at: number): NaiveEngagement {
  const { cooling, atRisk, lapsed } = world.definition.engagement;
  const inbound = world.touchpoints.filter((one) => one.direction === 'inbound');
  const from = inbound.at(-1) ?? world.touchpoints[0];
  if (from === undefined) throw new RangeError('Without a touchpoint there is no engagement.');
  const gap = usualGap(world, inbound);
  const silence = at - from.occurredAt;
  const complaints = openComplaints(world);
  const passed = (step: EngagementStep) => silence > limitOf(step, gap);
  const value: Engagement = passed(lapsed)
    ? 'lapsed'
    : passed(atRisk)
      ? 'at risk'
      : passed(cooling) || complaints.length > 0
        ? 'cooling'
        : 'active';
  const step = { active: cooling, cooling, 'at risk': atRisk, lapsed }[value];
  const conditions: ConditionEvidence[] = [];
  if (value === 'active' || passed(step)) {
    conditions.push({
      path: `engagement.${value === 'at risk' ? 'atRisk' : value}`,
      condition: words(value, inbound.length > 0, limitOf(step, gap), gap),
      holds: true,
      value: Math.max(0, silence),
      touchpoints: [{ touchpointId: from.touchpointId, occurredAt: from.occurredAt }],
    });
  }
  if (complaints.length > 0) conditions.push(complaintCondition(complaints));
  return { value, conditions };
}

function words(value: Engagement, answered: boolean, limit: number, gap: number | undefined): string {
  const what =
    value === 'active'
      ? `${answered ? 'an inbound' : 'a first'} touchpoint within`
      : `no ${answered ? 'inbound touchpoint' : 'answer to the first touchpoint'} for more than`;
  return `${what} ${formatDuration(limit)} (${gap === undefined ? 'no rhythm yet' : `usual gap ${gap}d`})`;
}

/** The newest ones are named. */
function complaintCondition(complaints: FoldedTouchpoint[]): ConditionEvidence {
  const named = complaints.slice(-4);
  return {
    path: 'engagement.openComplaint',
    condition: 'open complaint',
    holds: true,
    value: complaints.length,
    touchpoints: named.map(({ touchpointId, occurredAt }) => ({ touchpointId, occurredAt })),
  };
}

function limitOf(step: EngagementStep, gap: number | undefined): number {
  return gap === undefined ? step.fixed : Math.max(step.floor, Math.round(gap * step.factor * DAY_MS));
}

function usualGap(world: World, inbound: FoldedTouchpoint[]): number | undefined {
  const { engagement, timeZone } = world.definition;
  const days = [...new Set(inbound.map((one) => naiveDay(one.occurredAt, timeZone)))].sort((a, b) => a - b);
  const gaps = days
    .slice(1)
    .map((day, i) => day - (days[i] as number))
    .slice(-engagement.gaps);
  if (gaps.length === 0 || gaps.length < engagement.gapsAtLeast) return undefined;
  gaps.sort((a, b) => a - b);
  const middle = Math.floor(gaps.length / 2);
  const upper = gaps[middle] as number;
  return gaps.length % 2 === 1 ? upper : ((gaps[middle - 1] as number) + upper) / 2;
}

/** Oldest first. */
function openComplaints(world: World): FoldedTouchpoint[] {
  const all = world.touchpoints;
  const ticket = (one: FoldedTouchpoint) => {
    const value = valueOf(one, 'ticketId');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return all.filter((complaint, place) => {
    if (!world.meanings(complaint.type).includes('complaint')) return false;
    const later = all.slice(place + 1).filter((one) => world.meanings(one.type).includes('resolution'));
    return !later.some((one) => ticket(complaint) === '' || ticket(complaint) === ticket(one));
  });
}
