/** What the demo prints once it is ready. */
import { formatMoment, printable } from '../output/table';
import type { ChangeItem } from './answers.types';
import type { Moves } from './moves';

export function demoText(ready: { url: string; table: string; moves: Moves; seconds: number }): string {
  const { url, moves } = ready;
  const example = moves.climb?.customerId ?? moves.fall?.customerId ?? 'sim-1-0001';
  const touchpoint = {
    customerId: example,
    type: 'purchase.completed',
    channel: 'web',
    occurredAt: new Date().toISOString(),
    properties: { value: 42.5, currency: 'EUR' },
  };
  return [
    `Rapport is ready after ${ready.seconds.toFixed(1)} s.`,
    '',
    ready.table,
    '',
    ...(moves.climb === null ? [] : ['A climb:', ...told(moves.climb), '']),
    ...(moves.fall === null ? [] : ['A fall:', ...told(moves.fall), '']),
    `The API and its docs: ${url}/docs`,
    '',
    'Ask why, and record a touchpoint of your own:',
    `  curl ${url}/v1/customers/${encodeURIComponent(example)}/why`,
    `  curl ${url}/v1/touchpoints -H 'content-type: application/json' -H 'prefer: wait=5' -d '${JSON.stringify(touchpoint)}'`,
  ].join('\n');
}

/** The sentence of a change, and the touchpoints that it stands on. */
function told(change: ChangeItem): string[] {
  const touchpoints = new Map<string, string>();
  for (const condition of change.evidence.conditions) {
    for (const { touchpointId, occurredAt } of condition.touchpoints) touchpoints.set(touchpointId, occurredAt);
  }
  const named = [...touchpoints].sort(([, a], [, b]) => (a < b ? -1 : 1));
  const evidence = named.map(([id, at]) => `${formatMoment(at)} ${id}`).join(', ');
  const subject = change.sentence.startsWith(`${change.customerId}:`) ? '' : `${change.customerId}: `;
  const lines = [`  ${printable(subject + change.sentence)}.`];
  return evidence === '' ? lines : [...lines, `  It stands on ${printable(evidence)}.`];
}
