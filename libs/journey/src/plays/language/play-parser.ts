/** One play: `plays`. */
import type { FaultList, Members } from '../../language/definition/fault-list';
import { ruleDocument, selectorDocument, type Written } from '../../language/definition/rule-document';
import { formatDuration } from '../../language/duration';
import { pointerTo } from '../../language/touchpoint/touchpoint-error';
import { SERVICE_PURPOSE, type Again, type Goal, type Play, type PlayRule } from '../play';
import { checkCanHold } from './never-holds';
import { readTouchpoint, type PlaysReading } from './play-reading';
import { readSteps, stepDocuments } from './step-parsers/registry';
import { againText, holdoutText, readAgain, readHoldout, readSpan } from './time-parser';
import { readTrigger, triggerDocument } from './trigger-parser';
import { readFlag, readLine, readName, readWhole } from './word-parser';

export const PLAY_KEYS = [
  ...['name', 'why', 'owner', 'purpose', 'on', 'who', 'again', 'holdout', 'priority', 'steps', 'goal', 'exit'],
  ...['migrate', 'salt'],
] as const;
export const PRIORITY_ABS_MAX = 1_000;

/** undefined where something that it cannot be without is missing or faulty. */
export function readPlay(value: unknown, path: string, reading: PlaysReading): Play | undefined {
  const { faults } = reading;
  const members = faults.members(value, path, PLAY_KEYS, 'a play');
  if (members === undefined) return undefined;
  const at = (key: string): string => (members[key] === undefined ? path : pointerTo(path, key));
  const name = readName(members['name'], at('name'), 'name', faults);
  const why = readLine(members['why'], at('why'), '"why"', faults);
  const owner = readName(members['owner'], at('owner'), 'owner', faults);
  if (owner !== undefined) reading.references.add('team', owner, at('owner'));
  const purpose = readName(members['purpose'], at('purpose'), 'purpose', faults);
  const trigger = readTrigger(members['on'], at('on'), reading);
  const rules = readRules(members, path, reading);
  const more = readNumbers(members, path, purpose, faults);
  const steps = readSteps(members['steps'], pointerTo(path, 'steps'), reading);
  const goal = members['goal'] === undefined ? undefined : readGoal(members['goal'], pointerTo(path, 'goal'), faults);
  const salt = members['salt'] === undefined ? name : readName(members['salt'], at('salt'), 'salt', faults);
  if (name === undefined || why === undefined || owner === undefined || purpose === undefined) return undefined;
  if (trigger === undefined || salt === undefined) return undefined;
  return { name, why, owner, purpose, trigger, ...rules, ...more, salt, steps, ...(goal && { goal }) };
}

function readRules(members: Members, path: string, reading: PlaysReading): { who?: PlayRule; exit?: PlayRule } {
  const read: { who?: PlayRule; exit?: PlayRule } = {};
  for (const [key, meaning] of [
    ['who', 'nobody ever enters'],
    ['exit', 'nobody ever leaves by it'],
  ] as const) {
    if (members[key] === undefined) continue;
    const rule = reading.rules.rule(members[key], pointerTo(path, key));
    if (rule === undefined) continue;
    read[key] = rule;
    checkCanHold(rule, pointerTo(path, key), meaning, reading.faults);
  }
  return read;
}

type Numbers = Pick<Play, 'again' | 'holdout' | 'priority' | 'migrate'>;

function readNumbers(members: Members, path: string, purpose: string | undefined, faults: FaultList): Numbers {
  const at = (key: string): string => pointerTo(path, key);
  const { again, holdout, priority, migrate } = members;
  const read = {
    again: again === undefined ? ('never' as Again) : (readAgain(again, at('again'), faults) ?? 'never'),
    holdout: holdout === undefined ? 0 : (readHoldout(holdout, at('holdout'), faults) ?? 0),
    priority: 0,
    migrate: migrate === undefined ? false : (readFlag(migrate, at('migrate'), faults) ?? false),
  };
  if (priority !== undefined) {
    read.priority = readWhole(priority, at('priority'), -PRIORITY_ABS_MAX, PRIORITY_ABS_MAX, faults) ?? 0;
  }
  if (purpose === SERVICE_PURPOSE && read.holdout > 0) {
    const problem = 'holds customers out of a service that they are owed';
    faults.add(at('holdout'), problem, `Leave "holdout" out, or choose another purpose than "${SERVICE_PURPOSE}"`);
  }
  return read;
}

function readGoal(value: unknown, path: string, faults: FaultList): Goal | undefined {
  const members = faults.members(value, path, ['touchpoint', 'within'], 'the goal');
  if (members === undefined) return undefined;
  const of = readTouchpoint(members['touchpoint'], path, faults);
  if (members['within'] === undefined) {
    return faults.add(path, 'has no time: it would be watched for ever', 'Add "within", such as "within: 60d"');
  }
  const within = readSpan(members['within'], pointerTo(path, 'within'), faults);
  return of && { of, within };
}

/** The play in the document's own language, defaults filled in. */
export function playDocument(play: Play): Written {
  const { name, why, owner, purpose, trigger, who, again, holdout, priority, steps, goal, exit, migrate, salt } = play;
  return {
    name,
    why,
    owner,
    purpose,
    on: triggerDocument(trigger),
    ...(who && { who: ruleDocument(who) }),
    again: againText(again),
    holdout: holdoutText(holdout),
    priority,
    steps: stepDocuments(steps),
    ...(goal && { goal: { touchpoint: selectorDocument(goal.of), within: formatDuration(goal.within) } }),
    ...(exit && { exit: ruleDocument(exit) }),
    migrate,
    salt,
  };
}
