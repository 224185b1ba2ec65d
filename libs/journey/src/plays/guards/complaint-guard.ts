import { isAsk, type Guard } from './guard';

export const openComplaintGuard: Guard = {
  name: 'openComplaint',
  concerns: isAsk,
  words: () => 'no open complaint',
  check: ({ facts }) =>
    facts.openComplaint ? { holds: false, value: true, until: null } : { holds: true, value: false },
};
