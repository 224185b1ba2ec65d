/**
 * A definition written back as a document, defaults filled in, keys in a fixed order: JSON that parses to the same
 * definition. Two documents say the same if and only if these texts are equal; comments and descriptions do not count.
 */
import type { Definition, EngagementStep, Stage } from '../../definition';
import { formatDuration } from '../duration';
import { canonicalJson } from '../touchpoint/touchpoint-content';
import { canonicalPlays } from '../../plays/language/parse-plays';
import { ruleDocument, type Written } from './rule-document';

export function canonicalDefinition(definition: Definition): string {
  const { name, timeZone, stages, engagement } = definition;
  const { gaps, gapsAtLeast, cooling, atRisk, lapsed } = engagement;
  return canonicalJson({
    name,
    timeZone,
    stages: stages.map(stageDocument),
    engagement: { gaps, gapsAtLeast, cooling: step(cooling), atRisk: step(atRisk), lapsed: step(lapsed) },
    ...canonicalPlays(definition.plays ?? null),
  });
}

function stageDocument(stage: Stage): Written {
  const written: Written = { name: stage.name };
  if (stage.enter) written['enter'] = ruleDocument(stage.enter);
  if (stage.keep) written['keep'] = ruleDocument(stage.keep);
  return written;
}

function step({ factor, floor, fixed }: EngagementStep): Written {
  return { factor, floor: formatDuration(floor), fixed: formatDuration(fixed) };
}
