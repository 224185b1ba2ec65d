/** The words that rows of plays use, for the validation and for the document. */
import { GUARDS } from '@rapport/journey';

export const ENROLMENT_PHASES = ['waiting', 'deferred', 'acting', 'watching', 'ended'] as const;

export const ACTION_ROW_STATES = [
  'requested',
  'inDoubt',
  'delivered',
  'failed',
  'expired',
  'withdrawn',
  'silent',
  'stopped',
] as const;
export type ActionRowState = (typeof ACTION_ROW_STATES)[number];

/** Why a play does not act: a guard, or something of the play itself. */
export const WHY_NOT_REASONS = [...GUARDS, 'who', 'again', 'live', 'holdout', 'paused', 'noTrigger'] as const;

export const TASK_OUTCOMES = ['done', 'answered', 'declined', 'impossible'] as const;
