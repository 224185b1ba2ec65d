/**
 * The plays of a definition and the differing ones of the versions before it, prepared together with the stages: one layout of
 * facts serves them all, so that whoever is still under way with an older version is judged exactly.
 */
import type { Definition } from '../../definition';
import type { FactsLayout } from '../../core/facts-layout';
import type { GuardsDefinition } from '../guards.types';
import type { LedgerRules } from '../ledger.types';
import { ledgerRulesOf } from '../ledger/ledger-state';
import { ledgerRoleOf } from '../ledger/ledger-role';
import type { PlaysPart, Team } from '../play';
import type { CompiledPlays, PlayTypePlan } from '../play-core.types';
import { PLAY_VERSIONS_KEPT } from '../play-limits';
import { isProfileType } from '../../language/profile/profile';
import { compilePlay, playText, type CompiledPlay } from './compiled-play';
import type { TypeMeanings } from './play-selector';

/** Plays of a version before, for who is still under way with them. */
export interface EarlierPlays {
  version: number;
  part: PlaysPart;
}

/** Null where neither this version nor those kept before it have plays. Call it before the layout gives its places. */
export function compilePlays(
  definition: Definition,
  version: number,
  earlier: readonly EarlierPlays[],
  layout: FactsLayout,
  catalogue: TypeMeanings,
): CompiledPlays | null {
  const kept = earlier
    .filter((one) => one.version < version && one.version >= version - PLAY_VERSIONS_KEPT)
    .sort((a, b) => a.version - b.version);
  const parts = definition.plays === undefined ? kept : [...kept, { version, part: definition.plays }];
  const newest = parts[parts.length - 1];
  if (newest === undefined || !parts.some(({ part }) => part.plays.length > 0)) return null;
  return new PlaysOfVersions(definition, version, parts, newest.part, layout, catalogue);
}

class PlaysOfVersions implements CompiledPlays {
  readonly plays: readonly CompiledPlay[];
  readonly guards: GuardsDefinition;
  readonly teams: readonly Team[];
  readonly ledger: LedgerRules;
  readonly timeZone: string;
  readonly onStage: readonly CompiledPlay[];
  readonly onEngagement: readonly CompiledPlay[];
  private readonly byVersion = new Map<number, Map<string, CompiledPlay>>();
  /** The version asked for last: mostly everybody follows the same. */
  private asked: { version: number; plays: Map<string, CompiledPlay> | undefined } = { version: -1, plays: undefined };
  private readonly own = new Map<string, CompiledPlay>();
  private readonly byText = new Map<string, CompiledPlay>();

  constructor(
    definition: Definition,
    version: number,
    parts: readonly EarlierPlays[],
    newest: PlaysPart,
    layout: FactsLayout,
    private readonly catalogue: TypeMeanings,
  ) {
    for (const { version: of, part } of parts) {
      const named = new Map<string, CompiledPlay>();
      this.byVersion.set(of, named);
      part.plays.forEach((play, order) => {
        const text = playText(play, part.templates);
        const place = { version: of, order, text };
        const compiled = this.byText.get(text) ?? compilePlay(play, place, layout, catalogue);
        this.byText.set(text, compiled);
        named.set(play.name, compiled);
      });
    }
    const own = definition.plays?.plays ?? [];
    // Where the play is an older one, its place in the present document counts.
    this.plays = own.map((play, order) => ({ ...this.of(play.name, version)!, order }));
    for (const one of this.plays) this.own.set(one.play.name, one);
    this.guards = newest.guards;
    this.teams = newest.teams;
    this.timeZone = definition.timeZone;
    this.ledger = ledgerRulesOf(this.guards);
    this.onStage = this.plays.filter(({ play }) => play.trigger.on === 'stage');
    this.onEngagement = this.plays.filter(({ play }) => play.trigger.on === 'engagement');
  }

  of(play: string, version: number): CompiledPlay | undefined {
    if (version !== this.asked.version) this.asked = { version, plays: this.byVersion.get(version) };
    return this.asked.plays?.get(play);
  }

  current(play: string): CompiledPlay | undefined {
    return this.own.get(play);
  }

  equalTo(text: string): CompiledPlay | undefined {
    return this.byText.get(text);
  }

  plan(type: string): PlayTypePlan | null {
    const matching = this.plays.filter((one) => one.trigger !== null && one.trigger.matchesType(type));
    const triggers = matching.filter((one) => one.play.trigger.on === 'touchpoint');
    const dates = matching.filter((one) => one.play.trigger.on === 'date');
    const ledger = ledgerRoleOf(type, this.catalogue.meanings(type));
    const profile = isProfileType(type);
    if (triggers.length === 0 && dates.length === 0 && ledger === null && !profile) return null;
    const ofLedgerAlone = ledger !== null && !profile && triggers.length + dates.length === 0;
    return { triggers, dates, ledger, profile, ofLedgerAlone };
  }
}
