import { isAsk, type Guard } from './guard';

/** Something was given, and delivered, before anything is asked. Virtual thanks are no give. */
export const giveFirstGuard: Guard = {
  name: 'giveFirst',
  concerns: isAsk,
  words: () => 'a give before the first ask',
  check: ({ facts }) => {
    const value = facts.ledger.ledger.given;
    return value > 0 ? { holds: true, value } : { holds: false, value, until: null };
  },
};
