import { formatDuration } from '../../language/duration';
import { isAsk, type Guard } from './guard';
import { momentOrNull, within } from './windows';

export const badExperienceGuard: Guard = {
  name: 'badExperience',
  concerns: isAsk,
  words: (_, { asks }) => `no bad experience within ${formatDuration(asks.afterBadExperience)}`,
  check: ({ guards, facts }, at) => {
    const { badExperienceAt } = facts.ledger.ledger;
    return within(badExperienceAt, guards.asks.afterBadExperience, at, momentOrNull(badExperienceAt));
  },
};
