/** Parses the `engagement` part: when a relationship is cooling, at risk or lapsed. */
import type { EngagementLimits, EngagementStep } from '../../definition';
import { DAY_MS } from '../duration';
import { pointerTo } from '../touchpoint/touchpoint-error';
import { GAPS_MAX } from './definition-limits';
import type { FaultList, Members } from './fault-list';
import { readDuration, readNumber, readWholeNumber } from './value-parser';

export const ENGAGEMENT_KEYS = ['gaps', 'gapsAtLeast', 'cooling', 'atRisk', 'lapsed'] as const;
export const STEP_KEYS = ['factor', 'floor', 'fixed'] as const;
export const STEPS = ['cooling', 'atRisk', 'lapsed'] as const;
export const FACTOR_MAX = 1_000;

/** The default definition's limits; its text says why they are what they are. */
export const DEFAULT_ENGAGEMENT: EngagementLimits = {
  gaps: 8,
  gapsAtLeast: 3,
  cooling: { factor: 2, floor: 14 * DAY_MS, fixed: 30 * DAY_MS },
  atRisk: { factor: 3, floor: 30 * DAY_MS, fixed: 60 * DAY_MS },
  lapsed: { factor: 6, floor: 90 * DAY_MS, fixed: 180 * DAY_MS },
};

/** Keys that are left out have the value of the default definition. */
export function readEngagement(value: unknown, path: string, faults: FaultList): EngagementLimits {
  if (value === undefined) return DEFAULT_ENGAGEMENT;
  const members = faults.members(value, path, ENGAGEMENT_KEYS, 'engagement');
  if (members === undefined) return DEFAULT_ENGAGEMENT;
  const limits: EngagementLimits = {
    gaps: readGaps(members, 'gaps', GAPS_MAX, path, faults),
    gapsAtLeast: readGaps(members, 'gapsAtLeast', GAPS_MAX, path, faults),
    cooling: readStep(members, 'cooling', path, faults),
    atRisk: readStep(members, 'atRisk', path, faults),
    lapsed: readStep(members, 'lapsed', path, faults),
  };
  if (limits.gapsAtLeast > limits.gaps) {
    const problem = `asks for ${limits.gapsAtLeast} gaps where only ${limits.gaps} are kept`;
    faults.add(pointerTo(path, 'gapsAtLeast'), problem, 'Make gapsAtLeast at most gaps');
  }
  checkRising(limits, path, faults);
  return limits;
}

function readGaps(
  members: Members,
  name: 'gaps' | 'gapsAtLeast',
  max: number,
  path: string,
  faults: FaultList,
): number {
  if (members[name] === undefined) return DEFAULT_ENGAGEMENT[name];
  const at = pointerTo(path, name);
  const gaps = readWholeNumber(members[name], at, faults);
  if (gaps === undefined) return DEFAULT_ENGAGEMENT[name];
  if (gaps < 1 || gaps > max) faults.add(at, `is ${gaps}`, `Write a whole number from 1 to ${max} (GAPS_MAX)`);
  return gaps;
}

function readStep(members: Members, name: (typeof STEPS)[number], path: string, faults: FaultList): EngagementStep {
  const usual = DEFAULT_ENGAGEMENT[name];
  const at = pointerTo(path, name);
  if (members[name] === undefined) return usual;
  const step = faults.members(members[name], at, STEP_KEYS, name);
  if (step === undefined) return usual;
  const span = (key: 'floor' | 'fixed'): number =>
    step[key] === undefined ? usual[key] : (readDuration(step[key], pointerTo(at, key), faults) ?? usual[key]);
  return { factor: readFactor(step, usual, at, faults), floor: span('floor'), fixed: span('fixed') };
}

function readFactor(step: Members, usual: EngagementStep, path: string, faults: FaultList): number {
  if (step['factor'] === undefined) return usual.factor;
  const at = pointerTo(path, 'factor');
  const factor = readNumber(step['factor'], at, faults);
  if (factor === undefined || (factor > 0 && factor <= FACTOR_MAX)) return factor ?? usual.factor;
  faults.add(at, `is ${factor}`, `Write a number above 0, at most ${FACTOR_MAX}`);
  return usual.factor;
}

/** cooling before at risk before lapsed, in each way of reckoning: else a step could be skipped or stand for ever. */
function checkRising(limits: EngagementLimits, path: string, faults: FaultList): void {
  for (const key of STEP_KEYS) {
    for (const [sooner, later] of [['cooling', 'atRisk'] as const, ['atRisk', 'lapsed'] as const]) {
      if (limits[sooner][key] < limits[later][key]) continue;
      const at = pointerTo(pointerTo(path, later), key);
      faults.add(at, `is not greater than that of ${sooner}`, `Make ${key} rise from cooling to atRisk to lapsed`);
    }
  }
}
