/** The numbers that decide when something may be asked or sent: `guards`. What is left out has the default. */
import type { FaultList, Members } from '../../language/definition/fault-list';
import type { Written } from '../../language/definition/rule-document';
import { DAY_MS, formatDuration } from '../../language/duration';
import { pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { AskLimits, Cap, GuardsDefinition, QuietHours } from '../guards.types';
import { ANSWER_WITHIN_DEFAULT_MS, CAPS_MAX, CONTACTS_KEPT_MAX, PURPOSES_MAX, SEND_ROOM_MIN_MS } from '../play-limits';
import type { PlaysContext } from '../play-core.types';
import { readSpan, readTimeOfDay, readWeekdays, timeText, weekdayTexts } from './time-parser';
import { readName, readWhole, readWord, shownWord } from './word-parser';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
export const PRIOR_WEIGHT_MAX = 1_000;
export const CONSENT_DEFAULTS = ['allowed', 'refused'] as const;

/** Each number has its reason in default-plays/guards.yaml. */
export const DEFAULT_GUARDS: GuardsDefinition = {
  consentUnknown: { relationship: true, employees: true, marketing: false },
  caps: [
    { channel: 'email', atMost: 2, within: 7 * DAY_MS },
    { purpose: 'marketing', atMost: 4, within: 30 * DAY_MS },
    { atMost: 3, within: 7 * DAY_MS },
  ],
  quiet: { from: 20 * 60, until: 8 * 60, weekdays: [1, 2, 3, 4, 5, 6] },
  asks: {
    cooldown: 30 * DAY_MS,
    atMost: 3,
    within: 180 * DAY_MS,
    answerWithin: ANSWER_WITHIN_DEFAULT_MS,
    afterBadExperience: 30 * DAY_MS,
    prior: { rate: 0.15, weight: 4 },
  },
};

const KEYS = ['consentUnknown', 'caps', 'quiet', 'asks'] as const;

export function readGuards(value: unknown, path: string, context: PlaysContext, faults: FaultList): GuardsDefinition {
  const guards = structuredClone(DEFAULT_GUARDS);
  if (value === undefined) return guards;
  const members = faults.members(value, path, KEYS, 'guards');
  if (members === undefined) return guards;
  if (members['consentUnknown'] !== undefined) {
    guards.consentUnknown = readConsent(members['consentUnknown'], pointerTo(path, 'consentUnknown'), faults);
  }
  if (members['caps'] !== undefined) guards.caps = readCaps(members['caps'], pointerTo(path, 'caps'), context, faults);
  if (members['quiet'] !== undefined) {
    guards.quiet = readQuiet(members['quiet'], pointerTo(path, 'quiet'), guards.quiet, faults);
  }
  if (members['asks'] !== undefined) {
    guards.asks = readAsks(members['asks'], pointerTo(path, 'asks'), guards.asks, faults);
  }
  checkKept(guards, path, faults);
  return guards;
}

/** Every cap and the limit on asks look back at so many sends: they are kept for each customer. */
function checkKept({ caps, asks }: GuardsDefinition, path: string, faults: FaultList): void {
  const kept = caps.reduce((sum, cap) => sum + cap.atMost, asks.atMost);
  if (kept <= CONTACTS_KEPT_MAX) return;
  const problem = `would look back at ${kept} sends of each customer; the bound is ${CONTACTS_KEPT_MAX} (CONTACTS_KEPT_MAX)`;
  faults.add(path, problem, 'Lower "atMost" of the caps or of "asks", or name fewer caps');
}

function readConsent(value: unknown, path: string, faults: FaultList): GuardsDefinition['consentUnknown'] {
  const consent: GuardsDefinition['consentUnknown'] = {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.add(path, `must be an object: ${shownWord(value)}`, 'Write it like { relationship: allowed }');
    return consent;
  }
  const entries = Object.entries(value);
  if (entries.length > PURPOSES_MAX) {
    faults.add(path, `names ${entries.length} purposes; at most ${PURPOSES_MAX} are allowed`, 'Use fewer');
  }
  for (const [purpose, said] of entries.slice(0, PURPOSES_MAX)) {
    const at = pointerTo(path, purpose);
    const name = readName(purpose, at, 'purpose', faults);
    const word = readWord(said, at, CONSENT_DEFAULTS, 'allowed or refused', faults);
    if (name !== undefined && word !== undefined) consent[name] = word === 'allowed';
  }
  return consent;
}

function readCaps(value: unknown, path: string, context: PlaysContext, faults: FaultList): Cap[] {
  // Unlike other lists this one may be empty: then nothing is capped, which is something that one can want.
  if (Array.isArray(value) && value.length === 0) return [];
  const caps: Cap[] = [];
  for (const [i, member] of (faults.listOf(value, path, CAPS_MAX, 'the list of caps') ?? []).entries()) {
    const cap = readCap(member, `${path}/${i}`, context, faults);
    if (cap === undefined) continue;
    if (caps.some((other) => sameCap(other, cap))) {
      faults.add(`${path}/${i}`, 'is the same cap as an earlier one, or never the tighter of the two', 'Keep one');
    } else caps.push(cap);
  }
  return caps;
}

function sameCap(a: Cap, b: Cap): boolean {
  return a.channel === b.channel && a.purpose === b.purpose && a.within === b.within;
}

function readCap(value: unknown, path: string, context: PlaysContext, faults: FaultList): Cap | undefined {
  const members = faults.members(value, path, ['channel', 'purpose', 'atMost', 'within'], 'a cap');
  if (members === undefined) return undefined;
  const cap: Cap = { atMost: 1, within: 0 };
  if (members['channel'] !== undefined) {
    const channel = readWord(members['channel'], pointerTo(path, 'channel'), context.channels, 'a channel', faults);
    if (channel !== undefined) cap.channel = channel;
  }
  if (members['purpose'] !== undefined) {
    const purpose = readName(members['purpose'], pointerTo(path, 'purpose'), 'purpose', faults);
    if (purpose !== undefined) cap.purpose = purpose;
  }
  for (const key of ['atMost', 'within'] as const) {
    if (members[key] === undefined) faults.add(path, `has no "${key}"`, 'Write it like { atMost: 2, within: 7d }');
  }
  if (members['atMost'] !== undefined) cap.atMost = readCount(members['atMost'], pointerTo(path, 'atMost'), faults);
  if (members['within'] !== undefined) cap.within = readSpan(members['within'], pointerTo(path, 'within'), faults);
  return cap;
}

function readCount(value: unknown, path: string, faults: FaultList): number {
  return readWhole(value, path, 1, CONTACTS_KEPT_MAX, faults) ?? 1;
}

function readQuiet(value: unknown, path: string, preset: QuietHours, faults: FaultList): QuietHours {
  const members = faults.members(value, path, ['from', 'until', 'weekdays'], 'quiet');
  if (members === undefined) return preset;
  const quiet = { ...preset };
  for (const key of ['from', 'until'] as const) {
    const time = members[key] === undefined ? undefined : readTimeOfDay(members[key], pointerTo(path, key), faults);
    if (time !== undefined) quiet[key] = time;
  }
  if (members['weekdays'] !== undefined) {
    quiet.weekdays = readWeekdays(members['weekdays'], pointerTo(path, 'weekdays'), faults) ?? preset.weekdays;
  }
  const openMinutes = (quiet.from - quiet.until + DAY_MINUTES) % DAY_MINUTES;
  if (openMinutes !== 0 && openMinutes * MINUTE_MS < SEND_ROOM_MIN_MS) {
    const problem = `leaves ${openMinutes} minutes of the day: nothing could ever be sent`;
    faults.add(
      path,
      problem,
      `Leave at least ${SEND_ROOM_MIN_MS / MINUTE_MS} minutes; equal times mean no quiet hours`,
    );
  }
  return quiet;
}

const ASK_KEYS = ['cooldown', 'atMost', 'within', 'answerWithin', 'afterBadExperience', 'prior'] as const;

function readAsks(value: unknown, path: string, preset: AskLimits, faults: FaultList): AskLimits {
  const members = faults.members(value, path, ASK_KEYS, 'asks');
  if (members === undefined) return preset;
  const asks = { ...preset };
  for (const key of ['cooldown', 'within', 'answerWithin', 'afterBadExperience'] as const) {
    if (members[key] !== undefined) asks[key] = readSpan(members[key], pointerTo(path, key), faults);
  }
  if (members['atMost'] !== undefined) asks.atMost = readCount(members['atMost'], pointerTo(path, 'atMost'), faults);
  if (members['prior'] !== undefined) {
    asks.prior = readPrior(members['prior'], pointerTo(path, 'prior'), preset.prior, faults);
  }
  return asks;
}

function readPrior(value: unknown, path: string, preset: AskLimits['prior'], faults: FaultList): AskLimits['prior'] {
  const members = faults.members(value, path, ['rate', 'weight'], 'prior');
  if (members === undefined) return preset;
  return {
    rate: readBetween(members, 'rate', path, 0, 1, preset.rate, faults),
    weight: readBetween(members, 'weight', path, 1, PRIOR_WEIGHT_MAX, preset.weight, faults),
  };
}

function readBetween(
  members: Members,
  key: string,
  path: string,
  least: number,
  most: number,
  preset: number,
  faults: FaultList,
): number {
  const value = members[key];
  if (value === undefined) return preset;
  if (typeof value === 'number' && value >= least && value <= most) return value + 0;
  faults.add(pointerTo(path, key), `is no number from ${least} to ${most}: ${shownWord(value)}`, 'Write it as digits');
  return preset;
}

export function guardsDocument({ consentUnknown, caps, quiet, asks }: GuardsDefinition): Written {
  const { cooldown, atMost, within, answerWithin, afterBadExperience, prior } = asks;
  const consent = Object.entries(consentUnknown).map(([purpose, allowed]) => [
    purpose,
    allowed ? 'allowed' : 'refused',
  ]);
  return {
    consentUnknown: Object.fromEntries(consent) as Written,
    caps: caps.map((cap) => ({ ...cap, within: formatDuration(cap.within) })),
    quiet: { from: timeText(quiet.from), until: timeText(quiet.until), weekdays: weekdayTexts(quiet.weekdays) },
    asks: {
      cooldown: formatDuration(cooldown),
      atMost,
      within: formatDuration(within),
      answerWithin: formatDuration(answerWithin),
      afterBadExperience: formatDuration(afterBadExperience),
      prior: { ...prior },
    },
  };
}
