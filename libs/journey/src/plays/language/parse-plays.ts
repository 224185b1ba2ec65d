/** The keys plays, guards, teams and templates of a definition document. */
import { RuleParser } from '../../language/definition/rule-parser';
import type { Written } from '../../language/definition/rule-document';
import type { Play, PlaysPart } from '../play';
import type { ParsePlays } from '../play-core.types';
import { PLAY_STATE_ESTIMATE_MAX, PLAYS_MAX } from '../play-limits';
import { SUBJECT_CHANNELS } from './channel-names';
import { guardsDocument, readGuards } from './guards-parser';
import { PlayConditionParser, READABLE_TRAITS } from './play-condition-parser';
import { playDocument, readPlay } from './play-parser';
import type { PlaysReading } from './play-reading';
import { playStateEstimate } from './play-state-estimate';
import { References } from './references';
import { teamDocument, readTeams } from './teams-parser';
import { readTemplates, templateDocument } from './template-parser';
import { warn } from './warnings';

export const PLAYS_KEYS = ['plays', 'guards', 'teams', 'templates'] as const;

/** See ParsePlays. */
export const parsePlays: ParsePlays = (document, context, faults) => {
  const references = new References();
  const shown: { template: string; channel: string | undefined; path: string }[] = [];
  const reading: PlaysReading = {
    faults,
    context,
    rules: new RuleParser(faults, new PlayConditionParser(faults, context, references)),
    references,
    traits: new Set(),
    shownBy: (template, channel, path) => shown.push({ template, channel, path }),
  };
  const part: PlaysPart = {
    plays: readPlays(document.plays, reading),
    guards: readGuards(document.guards, '/guards', context, faults),
    teams: readTeams(document.teams, '/teams', faults),
    templates: readTemplates(document.templates, '/templates', faults),
  };
  checkNames(document, part, reading);
  for (const { template, channel, path } of shown) {
    const found = part.templates.find(({ name }) => name === template);
    if (channel === undefined || !SUBJECT_CHANNELS.includes(channel)) continue;
    if (found === undefined || found.subject !== undefined) continue;
    faults.add(path, `"${template}" has no subject, and "${channel}" needs one`, 'Add "subject" to the template');
  }
  checkSize(part, reading);
  if (!faults.empty) return undefined;
  const warnings = faults.another();
  warn(part, warnings);
  return { part, warnings: warnings.all() };
};

function readPlays(value: unknown, reading: PlaysReading): Play[] {
  if (value === undefined) return [];
  const { faults } = reading;
  const plays: Play[] = [];
  for (const [i, member] of (faults.listOf(value, '/plays', PLAYS_MAX, 'the list of plays') ?? []).entries()) {
    const play = readPlay(member, `/plays/${i}`, reading);
    if (play === undefined) continue;
    if (plays.some(({ name }) => name === play.name)) {
      faults.add(`/plays/${i}/name`, `"${play.name}" is the name of an earlier play too`, 'Name it differently');
    } else plays.push(play);
  }
  return plays;
}

type Document = Parameters<ParsePlays>[0];

/** By the names as they are written: what is faulty in itself is told once, not again where it is used. */
function checkNames(document: Document, part: PlaysPart, { references, traits, faults }: PlaysReading): void {
  references.check('play', named(document.plays, part.plays), faults);
  references.check('team', named(document.teams, part.teams), faults);
  references.check('template', named(document.templates, part.templates), faults);
  references.check('trait', new Set([...READABLE_TRAITS, ...traits]), faults);
}

function named(written: unknown, parsed: readonly { name: string }[]): Set<string> {
  const names = new Set(parsed.map(({ name }) => name));
  if (!Array.isArray(written)) return names;
  for (const member of written as unknown[]) {
    const name = typeof member === 'object' && member !== null && 'name' in member ? member.name : undefined;
    if (typeof name === 'string') names.add(name);
  }
  return names;
}

function checkSize(part: PlaysPart, { faults }: PlaysReading): void {
  const bytes = playStateEstimate(part);
  if (bytes <= PLAY_STATE_ESTIMATE_MAX) return;
  const problem = `would keep up to ${bytes} bytes for each customer; the bound is ${PLAY_STATE_ESTIMATE_MAX} (PLAY_STATE_ESTIMATE_MAX)`;
  faults.add('/plays', problem, 'Use fewer plays, goals or traits');
}

/** Members of a canonical document, defaults filled in; {} where there are no plays, so that such documents stay what they are. */
export function canonicalPlays(part: PlaysPart | null): Written {
  if (part === null) return {};
  const { plays, guards, teams, templates } = part;
  return {
    ...(plays.length > 0 && { plays: plays.map(playDocument) }),
    guards: guardsDocument(guards),
    ...(teams.length > 0 && { teams: teams.map(teamDocument) }),
    ...(templates.length > 0 && { templates: templates.map(templateDocument) }),
  };
}
