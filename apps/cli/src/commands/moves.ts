/** Finds one climb and one fall worth telling among the stage changes in force. */
import { parseDefinition } from '@rapport/journey';
import type { Target } from '../target/target';
import type { ChangeItem, ChangesAnswer, DefinitionAnswer } from './answers.types';

export interface Moves {
  /** Names of the stages, lowest first. */
  order: string[];
  /** The newest climb to the highest rung but one that there is, and the newest fall; null = there is none. */
  climb: ChangeItem | null;
  fall: ChangeItem | null;
}

const PAGE = 500;
/** Pages looked through: a telling example is wanted, not the best of millions. */
const PAGES_MAX = 4;

export async function tellMoves(target: Target): Promise<Moves> {
  const order = await stageOrder(target);
  const rank = (stage: string | null): number => (stage === null ? -1 : order.indexOf(stage));
  const changes = await someChanges(target);
  const climbs = changes.filter((change) => change.from !== null && rank(change.to) > rank(change.from));
  const falls = changes.filter((change) => rank(change.to) < rank(change.from));
  // What rests on several touchpoints tells more than a single deed.
  const rich = climbs.filter((change) => evidenceOf(change) >= 3);
  return { order, climb: newest(rich) ?? newest(climbs), fall: newest(falls) };
}

async function stageOrder(target: Target): Promise<string[]> {
  const { document } = JSON.parse((await target.query({ name: 'definition', params: {} })).json) as DefinitionAnswer;
  const parsed = parseDefinition(document ?? '', 'the definition in force');
  return parsed.ok ? parsed.definition.stages.map((stage) => stage.name) : [];
}

async function someChanges(target: Target): Promise<ChangeItem[]> {
  const items: ChangeItem[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await target.query({ name: 'changes', params: { axis: 'stage', limit: PAGE, cursor } });
    const found = JSON.parse(answer.json) as ChangesAnswer;
    items.push(...found.items);
    cursor = found.nextCursor;
    if (cursor === undefined) break;
  }
  return items;
}

function newest(changes: readonly ChangeItem[]): ChangeItem | null {
  return changes.reduce<ChangeItem | null>(
    (best, change) => (best === null || change.at > best.at ? change : best),
    null,
  );
}

/** The most touchpoints that one condition of the change stands on. */
function evidenceOf(change: ChangeItem): number {
  return Math.max(0, ...change.evidence.conditions.map((condition) => condition.touchpoints.length));
}
