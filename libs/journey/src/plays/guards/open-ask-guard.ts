import { isAsk, type Guard, type GuardQuestion } from './guard';

/** One open ask at a time: until it is answered, declined, or its time is over. */
export const openAskGuard: Guard = {
  name: 'openAsk',
  concerns: isAsk,
  words: () => 'no open ask',
  check: (question, at) => {
    const { answerWithin } = question.guards.asks;
    const open = openedMoments(question).filter((opened) => opened + answerWithin >= at);
    if (open.length === 0) return { holds: true, value: 0 };
    return { holds: false, value: open.length, until: Math.max(...open) + answerWithin + 1 };
  },
};

function openedMoments({ facts, pending }: GuardQuestion): number[] {
  const asked = pending.filter((send) => send.ask).map((send) => send.at);
  return [...asked, ...facts.ledger.ledger.open.map((ask) => ask.openedAt)];
}
