import type { GuardsDefinition } from '../guards.types';
import { NEEDS_NO_CONSENT } from '../ledger/ledger-state';
import type { Guard } from './guard';

/** Given for purpose and channel; who never said anything is taken as the definition says for the purpose, else as a no. */
export const consentGuard: Guard = {
  name: 'consent',
  concerns: ({ verb, purpose }) => verb !== 'task' && purpose !== NEEDS_NO_CONSENT,
  words: ({ purpose, channel }) => `consent to ${purpose} by ${channel}`,
  check: ({ guards, candidate, facts }) => {
    const value = facts.consent(candidate.purpose, candidate.channel);
    const holds = value === 'given' || (value === 'unknown' && allowsUnknown(guards, candidate.purpose));
    return holds ? { holds, value } : { holds, value, until: null };
  },
};

function allowsUnknown({ consentUnknown }: GuardsDefinition, purpose: string): boolean {
  return Object.hasOwn(consentUnknown, purpose) && consentUnknown[purpose] === true;
}
