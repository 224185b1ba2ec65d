/** The answer to POST /v1/touchpoints as JSON text. Built by hand: on the hot path a stringified object costs as much as parsing. */
import type { Outcome } from '@rapport/engine';
import { TOUCHPOINT_ID_LENGTH_MAX } from '@rapport/journey';
import type { TouchpointError } from '@rapport/journey';
import type { ProblemField } from '../http/problem';
import type { CheckedItems } from './checked-items';

export interface Journeys {
  [customerId: string]: { stage: string | null; engagement: string | null };
}

/** What waiting brought; absent = nobody asked to wait. */
export interface Waited {
  waited: boolean;
  outcomes?: Outcome[];
  journeys?: Journeys;
}

/** Answer where every item was good and nobody waits. */
export function allAcceptedJson(checked: CheckedItems, position: number): string {
  const { touchpoints, derived } = checked;
  let json = `{"accepted":${touchpoints.length},"duplicates":0,"rejected":0,"position":${position},"results":[`;
  for (let i = 0; i < touchpoints.length; i++) {
    const touchpoint = touchpoints[i];
    if (touchpoint === undefined) continue;
    if (i > 0) json += ',';
    json += `{"touchpointId":${JSON.stringify(touchpoint.touchpointId)},"status":"accepted"`;
    json += derived?.has(i) === true ? ',"derivedId":true}' : '}';
  }
  return json + ']}';
}

interface ItemResult {
  touchpointId: string | null;
  status: Outcome | 'rejected';
  derivedId?: true;
  error?: ProblemField;
}

/** The members of any other answer. */
export function ingestBody(checked: CheckedItems, position: number, waited?: Waited): { [member: string]: unknown } {
  const results: ItemResult[] = [];
  let good = 0;
  for (let i = 0; i < checked.items.length; i++) {
    const error = checked.errors?.[i];
    if (error !== undefined) results.push(rejected(checked, i, error));
    else results.push(taken(checked, i, good++, waited?.outcomes));
  }
  const duplicates = results.filter((result) => result.status === 'duplicate').length;
  const refused = results.length - good;
  return {
    accepted: good - duplicates,
    duplicates,
    rejected: refused,
    position,
    results,
    ...(waited === undefined ? {} : { waited: waited.waited }),
    ...(waited?.journeys === undefined ? {} : { journeys: waited.journeys }),
  };
}

function taken(checked: CheckedItems, place: number, nth: number, outcomes: Outcome[] | undefined): ItemResult {
  return {
    touchpointId: checked.touchpoints[nth]?.touchpointId ?? null,
    status: outcomes?.[nth] ?? 'accepted',
    ...(checked.derived?.has(place) === true ? { derivedId: true as const } : {}),
  };
}

function rejected(checked: CheckedItems, place: number, error: TouchpointError): ItemResult {
  return {
    touchpointId: sentId(checked.items[place]),
    status: 'rejected',
    error: {
      pointer: `#${checked.single ? '' : `/${place}`}${error.pointer}`,
      detail: `${error.pointer === '' ? 'the item' : error.pointer.slice(1)} ${error.detail}`,
      code: error.code,
    },
  };
}

/** The id as it was sent, where it can be shown. */
function sentId(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('touchpointId' in item)) return null;
  const id = item.touchpointId;
  return typeof id === 'string' && id.length <= TOUCHPOINT_ID_LENGTH_MAX ? id : null;
}
