import { EMPLOYEE_PURPOSE, NEEDS_NO_CONSENT } from '../ledger/ledger-state';
import type { Guard } from './guard';

const EMPLOYEE = 'employee';

/** Nobody who was erased; and employees are reached by what is meant for them, and by service, alone. */
export const audienceGuard: Guard = {
  name: 'audience',
  concerns: (candidate) => candidate.verb !== 'task',
  words: ({ purpose }) => (purpose === EMPLOYEE_PURPOSE ? 'is an employee' : `may be reached for ${purpose}`),
  check: ({ candidate, facts }) => {
    if (facts.ledger.ledger.suppressions.some((one) => one.reason === 'erased')) {
      return { holds: false, value: 'erased', until: null };
    }
    const { purpose } = candidate;
    const holds = purpose === NEEDS_NO_CONSENT || (purpose === EMPLOYEE_PURPOSE) === (facts.kind === EMPLOYEE);
    return holds ? { holds, value: facts.kind } : { holds, value: facts.kind, until: null };
  },
};
