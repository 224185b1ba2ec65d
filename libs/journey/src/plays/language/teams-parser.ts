/** The teams whose queues tasks go to: `teams`. */
import type { FaultList } from '../../language/definition/fault-list';
import type { Written } from '../../language/definition/rule-document';
import { readTimeZone } from '../../language/definition/time-zone';
import { formatDuration } from '../../language/duration';
import { pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { Team } from '../play';
import { CLAIM_DEFAULT_MS, TEAMS_MAX } from '../play-limits';
import { readSpan, readTimeOfDay, readWeekdays, timeText, weekdayTexts } from './time-parser';
import { readName, shownWord } from './word-parser';

/** Monday to Friday, nine to five. */
const DEFAULT_HOURS: Team['hours'] = { weekdays: [1, 2, 3, 4, 5], from: 9 * 60, until: 17 * 60 };
const KEYS = ['name', 'description', 'timeZone', 'hours', 'notify', 'claimFor'] as const;
const DESTINATION = /^[a-z][a-z0-9-]{0,62}$/;

export function readTeams(value: unknown, path: string, faults: FaultList): Team[] {
  if (value === undefined) return [];
  const teams: Team[] = [];
  for (const [i, member] of (faults.listOf(value, path, TEAMS_MAX, 'the list of teams') ?? []).entries()) {
    const team = readTeam(member, `${path}/${i}`, faults);
    if (team === undefined) continue;
    if (teams.some(({ name }) => name === team.name)) {
      faults.add(`${path}/${i}/name`, `"${team.name}" is the name of an earlier team too`, 'Name it differently');
    } else teams.push(team);
  }
  return teams;
}

function readTeam(value: unknown, path: string, faults: FaultList): Team | undefined {
  const members = faults.members(value, path, KEYS, 'a team');
  if (members === undefined) return undefined;
  const named = members['name'] === undefined ? path : pointerTo(path, 'name');
  const name = readName(members['name'], named, 'name', faults);
  if (members['description'] !== undefined && typeof members['description'] !== 'string') {
    faults.add(pointerTo(path, 'description'), 'must be a text', 'Write it in quotes');
  }
  const zone = readTimeZone(members['timeZone'], pointerTo(path, 'timeZone'), faults);
  const hours = readHours(members['hours'], pointerTo(path, 'hours'), faults);
  const notify = readNotify(members['notify'], pointerTo(path, 'notify'), faults);
  const claimAt = pointerTo(path, 'claimFor');
  const claimFor =
    members['claimFor'] === undefined ? CLAIM_DEFAULT_MS : readSpan(members['claimFor'], claimAt, faults);
  if (name === undefined) return undefined;
  return { name, ...(zone && { timeZone: zone }), hours, ...(notify && { notify }), claimFor };
}

function readHours(value: unknown, path: string, faults: FaultList): Team['hours'] {
  const hours = { ...DEFAULT_HOURS, weekdays: [...DEFAULT_HOURS.weekdays] };
  if (value === undefined) return hours;
  const members = faults.members(value, path, ['weekdays', 'from', 'until'], 'hours');
  if (members === undefined) return hours;
  if (members['weekdays'] !== undefined) {
    hours.weekdays = readWeekdays(members['weekdays'], pointerTo(path, 'weekdays'), faults) ?? hours.weekdays;
  }
  for (const key of ['from', 'until'] as const) {
    const time = members[key] === undefined ? undefined : readTimeOfDay(members[key], pointerTo(path, key), faults);
    if (time !== undefined) hours[key] = time;
  }
  if (hours.from >= hours.until) {
    const problem = `end at ${timeText(hours.until)}, not after they begin at ${timeText(hours.from)}`;
    faults.add(path, problem, 'Let them lie within one day; "00:00" to "23:59" is all of it');
  }
  return hours;
}

/** Addresses are the server's configuration, not part of a document that everybody may read. */
function readNotify(value: unknown, path: string, faults: FaultList): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && DESTINATION.test(value)) return value;
  const mend = 'Name a destination of the server’s configuration (lower-case letters, digits, "-"), never an address';
  return faults.add(path, `is no name of a destination: ${shownWord(value)}`, mend);
}

export function teamDocument({ name, timeZone, hours, notify, claimFor }: Team): Written {
  return {
    name,
    ...(timeZone !== undefined && { timeZone }),
    hours: { weekdays: weekdayTexts(hours.weekdays), from: timeText(hours.from), until: timeText(hours.until) },
    ...(notify !== undefined && { notify }),
    claimFor: formatDuration(claimFor),
  };
}
