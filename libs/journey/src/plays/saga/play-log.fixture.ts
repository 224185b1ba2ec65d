/** What the log would have of a customer of a test, for the naive checker. */
import type { CheckPlayLaws } from '../play-core.types';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { PlayCustomer } from './play-customer.fixture';

type Customer = Parameters<CheckPlayLaws>[2];

/**
 * Each input, then what was decided on it. History stands where it was settled: by a settling, by the first timer that fired after it, or by
 * the next live input. What is of the profile stands where it was read.
 */
export function logOf(one: PlayCustomer): Customer {
  let position = 0;
  let unsettled: FoldedTouchpoint[] = [];
  const log: Customer = { customerId: one.customerId, inputs: [], decisions: [] };
  const settle = (at: number): void => {
    for (const touchpoint of unsettled) log.inputs.push({ position: position++, at, touchpoint });
    unsettled = [];
  };
  for (const { input, decisions, unsettledAfter, firstDue } of one.inputs) {
    const { at } = input;
    const read = input.kind === 'touchpoint' ? input.touchpoint : undefined;
    const history = read?.history === true;
    if (firstDue <= at) settle(firstDue);
    else if (!unsettledAfter) settle(at);
    if (history && !isOfProfile(read)) unsettled.push(read);
    else if (read !== undefined) log.inputs.push({ position: position++, at, touchpoint: read });
    else if (input.kind === 'command') log.inputs.push({ position: position++, at, command: input.command });
    else log.inputs.push({ position: position++, at });
    for (const decision of decisions) log.decisions.push({ position: position++, decision });
  }
  return log;
}

function isOfProfile({ type }: FoldedTouchpoint): boolean {
  return /^(profile|consent)\./.test(type);
}
