import { hash } from 'node:crypto';
import type { ActionIdOf } from './play-core.types';
import { ACTION_ID_CHARACTERS } from './play-state';

/** The id of a request follows from its cause: whoever computes it, a second request for one cause has the same (decisions/0013). */
export const actionIdOf: ActionIdOf = (customerId, play, enrolment, step, round) =>
  hash('sha256', JSON.stringify([customerId, play, enrolment, step, round])).slice(0, ACTION_ID_CHARACTERS);
