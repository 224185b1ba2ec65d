/** The items of one request after validation: the good ones in order, and what became of each place. */
import { validateTouchpoint } from '@rapport/journey';
import type { Touchpoint, TouchpointError } from '@rapport/journey';
import { TOUCHPOINTS_PER_REQUEST_MAX } from '../config/limits';
import { Problem } from '../http/problem';

export interface CheckedItems {
  /** As sent; a single object counts as one item. */
  items: readonly unknown[];
  single: boolean;
  touchpoints: Touchpoint[];
  /** By place; absent where every item is good. */
  errors: (TouchpointError | undefined)[] | undefined;
  /** Places whose id was derived from their content. */
  derived: Set<number> | undefined;
}

/** Validates each item. Throws a problem only where the body as a whole is no request. */
export function checkItems(body: unknown, now: number): CheckedItems {
  const single = !Array.isArray(body);
  const items: readonly unknown[] = single ? [body] : (body as unknown[]);
  if (single && (typeof body !== 'object' || body === null)) {
    throw notARequest('The body must be one touchpoint (an object) or a list of touchpoints.');
  }
  if (items.length === 0) throw notARequest('The list is empty. Send at least one touchpoint.');
  if (items.length > TOUCHPOINTS_PER_REQUEST_MAX) {
    throw notARequest(
      `The list holds ${items.length} touchpoints; at most ${TOUCHPOINTS_PER_REQUEST_MAX} are taken in one request.`,
    );
  }
  return checkEach(items, single, now);
}

function checkEach(items: readonly unknown[], single: boolean, now: number): CheckedItems {
  const touchpoints: Touchpoint[] = [];
  let errors: CheckedItems['errors'];
  let derived: CheckedItems['derived'];
  for (let i = 0; i < items.length; i++) {
    const checked = validateTouchpoint(items[i], now);
    if (checked.ok) {
      touchpoints.push(checked.touchpoint);
      if (checked.derivedId) (derived ??= new Set()).add(i);
    } else {
      errors ??= new Array<TouchpointError | undefined>(items.length);
      errors[i] = checked.error;
    }
  }
  return { items, single, touchpoints, errors, derived };
}

function notARequest(detail: string): Problem {
  return new Problem('invalidBody', detail, { errors: [{ pointer: '#', detail, code: 'wrongType' }] });
}
