/**
 * A settled chain as the data of its event. Its changes name the same few touchpoints and conditions again and again, so each of them
 * stands once, in a table of its own, and the evidence points at it: a third of the bytes. Nothing is left out and nothing
 * has to be looked up elsewhere.
 */
import type { ChainChange, ConditionEvidence, Evidence, EvidenceTouchpoint, HistoryRestated } from '@rapport/journey';

/** [place in the conditions, holds, value, true where at least, places in the touchpoints] */
type StoredCondition = [number, boolean, ConditionEvidence['value'], boolean, number[]];
/** [axis, from, to, at, place in the definitions, rule, moment of the evidence, conditions] */
type StoredChange = [ChainChange['axis'], string | null, string, number, number, string, number, StoredCondition[]];

interface StoredChain extends Pick<HistoryRestated, 'at' | 'part' | 'parts' | 'wentLiveAt' | 'cause'> {
  /** [name, version] */
  definitions: [string, number][];
  /** [path, condition] */
  conditions: [string, string][];
  /** [touchpointId, occurredAt] */
  touchpoints: [string, number][];
  changes: StoredChange[];
}

/** JSON, keys in a fixed order; the tables in the order in which the changes first name their entries. */
export function chainData(chain: HistoryRestated): string {
  const tables = new Tables();
  const changes = chain.changes.map((change) => tables.change(change));
  const stored: StoredChain = {
    at: chain.at,
    part: chain.part,
    parts: chain.parts,
    wentLiveAt: chain.wentLiveAt,
    definitions: tables.definitions,
    conditions: tables.conditions,
    touchpoints: tables.touchpoints,
    changes,
    cause: chain.cause,
  };
  return JSON.stringify(stored);
}

/** The chain as it was decided. */
export function readChain(data: string): HistoryRestated {
  const stored = JSON.parse(data) as StoredChain;
  return {
    type: 'HistoryRestated',
    at: stored.at,
    part: stored.part,
    parts: stored.parts,
    wentLiveAt: stored.wentLiveAt,
    changes: stored.changes.map((change) => readChange(stored, change)),
    cause: stored.cause,
  };
}

class Tables {
  readonly definitions: [string, number][] = [];
  readonly conditions: [string, string][] = [];
  readonly touchpoints: [string, number][] = [];
  private readonly places = new Map<string, number>();

  change({ axis, from, to, at, definitionVersion, evidence }: ChainChange): StoredChange {
    if (evidence.definitionVersion !== definitionVersion)
      throw new Error(
        `a change of version ${definitionVersion} with evidence of version ${evidence.definitionVersion}`,
      );
    const definition = pairPlace(this.definitions, evidence.definition, definitionVersion);
    const conditions = evidence.conditions.map((condition) => this.condition(condition));
    return [axis, from, to, at, definition, evidence.rule, evidence.at, conditions];
  }

  private condition(condition: ConditionEvidence): StoredCondition {
    const { path, condition: text, holds, value, atLeast, touchpoints } = condition;
    const place = pairPlace(this.conditions, path, text);
    return [place, holds, value, atLeast === true, touchpoints.map((one) => this.touchpoint(one))];
  }

  /** A customer's touchpoints have ids of their own; an id that comes with another moment all the same gets its own entry. */
  private touchpoint({ touchpointId, occurredAt }: EvidenceTouchpoint): number {
    const known = this.places.get(touchpointId);
    if (known !== undefined && this.touchpoints[known]![1] === occurredAt) return known;
    const place = this.touchpoints.push([touchpointId, occurredAt]) - 1;
    this.places.set(touchpointId, place);
    return place;
  }
}

/** Of a table of few entries, to which the pair is added where it is new. */
function pairPlace<T>(table: [string, T][], first: string, second: T): number {
  for (let i = 0; i < table.length; i++) if (table[i]![0] === first && table[i]![1] === second) return i;
  return table.push([first, second]) - 1;
}

function readChange(stored: StoredChain, change: StoredChange): ChainChange {
  const [axis, from, to, at, place, rule, evidenceAt, conditions] = change;
  const [definition, definitionVersion] = entry(stored.definitions, place, 'definition');
  const evidence: Evidence = {
    definition,
    definitionVersion,
    rule,
    at: evidenceAt,
    conditions: conditions.map((condition) => readCondition(stored, condition)),
  };
  return { axis, from, to, at, definitionVersion, evidence };
}

function readCondition(
  stored: StoredChain,
  [place, holds, value, atLeast, places]: StoredCondition,
): ConditionEvidence {
  const [path, condition] = entry(stored.conditions, place, 'condition');
  const touchpoints = places.map((one): EvidenceTouchpoint => {
    const [touchpointId, occurredAt] = entry(stored.touchpoints, one, 'touchpoint');
    return { touchpointId, occurredAt };
  });
  return { path, condition, holds, value, touchpoints, ...(atLeast ? { atLeast } : {}) };
}

function entry<T>(table: T[], place: number, what: string): T {
  const found = table[place];
  if (found === undefined)
    throw new Error(`a settled chain names ${what} ${place}, which it does not list. Run rapport verify.`);
  return found;
}
