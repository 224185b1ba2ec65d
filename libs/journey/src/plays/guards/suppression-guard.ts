import { suppressionOn } from '../ledger/suppressions';
import type { Guard } from './guard';

export const suppressionGuard: Guard = {
  name: 'suppression',
  concerns: ({ verb }) => verb !== 'task',
  words: ({ channel }) => `${channel} not suppressed`,
  check: ({ candidate, facts }) => {
    const found = suppressionOn(facts.ledger.ledger, candidate.channel);
    return found === undefined ? { holds: true, value: null } : { holds: false, value: found.reason, until: null };
  },
};
