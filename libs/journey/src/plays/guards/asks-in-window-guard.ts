import { formatDuration } from '../../language/duration';
import { isAsk, type Guard } from './guard';
import { room, sendsOf } from './windows';

export const asksInWindowGuard: Guard = {
  name: 'asksInWindow',
  concerns: isAsk,
  words: (_, { asks }) => `at most ${asks.atMost} asks within ${formatDuration(asks.within)}`,
  check: (question, at) => {
    const { atMost, within } = question.guards.asks;
    return room(
      sendsOf(question, (send) => send.ask),
      atMost,
      within,
      at,
    );
  },
};
