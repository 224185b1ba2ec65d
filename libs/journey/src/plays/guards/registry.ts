import type { Guard } from './guard';
import { asksInWindowGuard } from './asks-in-window-guard';
import { audienceGuard } from './audience-guard';
import { badExperienceGuard } from './bad-experience-guard';
import { capGuard } from './cap-guard';
import { openComplaintGuard } from './complaint-guard';
import { consentGuard } from './consent-guard';
import { cooldownGuard } from './cooldown-guard';
import { giveFirstGuard } from './give-first-guard';
import { openAskGuard } from './open-ask-guard';
import { quietGuard } from './quiet-guard';
import { suppressionGuard } from './suppression-guard';
import { thanksOwedGuard } from './thanks-owed-guard';

/** In the order of GUARDS. `priority` stands behind them: it is their answer with what this instant took (check-guards). */
export const GUARD_REGISTRY: readonly Guard[] = [
  audienceGuard,
  consentGuard,
  suppressionGuard,
  openComplaintGuard,
  giveFirstGuard,
  badExperienceGuard,
  thanksOwedGuard,
  openAskGuard,
  cooldownGuard,
  asksInWindowGuard,
  capGuard,
  quietGuard,
];
