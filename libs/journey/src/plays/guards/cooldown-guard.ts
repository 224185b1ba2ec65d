import { formatDuration } from '../../language/duration';
import { isAsk, type Guard } from './guard';
import { momentOrNull, sendsOf, within } from './windows';

export const cooldownGuard: Guard = {
  name: 'cooldown',
  concerns: isAsk,
  words: (_, { asks }) => `no ask within ${formatDuration(asks.cooldown)}`,
  check: (question, at) => {
    const last = sendsOf(question, (send) => send.ask)[0] ?? -Infinity;
    return within(last, question.guards.asks.cooldown, at, momentOrNull(last));
  },
};
