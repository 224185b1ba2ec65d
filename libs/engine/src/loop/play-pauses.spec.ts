import { PLAY_CONTROL } from '@rapport/journey';
import { isPaused, type KnownPause, PAUSES_KEPT, withPlayControl } from './play-pauses';

const data = (play: string): string => JSON.stringify({ play, by: 'ann' });
const { playPaused, playResumed } = PLAY_CONTROL;

function paused(...moments: [type: string, at: number][]): KnownPause[] | undefined {
  return moments.reduce<KnownPause[] | undefined>(
    (pauses, [type, at]) => withPlayControl(pauses, type, data('welcome'), at),
    undefined,
  );
}

describe('pauses of plays', () => {
  const once = paused([playPaused, 10], [playResumed, 20])!;

  it('hold from their beginning until before their end, for inputs', () => {
    expect([9, 10, 19, 20].map((at) => isPaused(once, 'welcome', at, false))).toEqual([false, true, true, false]);
    expect(isPaused(once, 'thanks', 15, false)).toBe(false);
  });

  it('hold behind their beginning up to their end, for timers, which fire before the inputs of a moment', () => {
    expect([10, 11, 20, 21].map((at) => isPaused(once, 'welcome', at, true))).toEqual([false, true, true, false]);
  });

  it('say the same of a timer whether or not the end is known when its turn comes', () => {
    const open = paused([playPaused, 10])!;
    for (const due of [5, 10, 15, 20]) {
      expect(isPaused(open, 'welcome', due, true)).toBe(isPaused(once, 'welcome', due, true));
    }
  });

  it('begin once and end once: what changes nothing leaves the list as it is', () => {
    const open = paused([playPaused, 10]);
    expect(withPlayControl(open, playPaused, data('welcome'), 12)).toBe(open);
    expect(withPlayControl(once, playResumed, data('welcome'), 30)).toBe(once);
    expect(withPlayControl(undefined, playResumed, data('welcome'), 30)).toBeUndefined();
    expect(withPlayControl(open, PLAY_CONTROL.channelPaused, JSON.stringify({ channel: 'email' }), 12)).toBe(open);
  });

  it('are bounded: the oldest that is over goes, one that holds stays', () => {
    let pauses = withPlayControl(undefined, playPaused, data('held'), 1);
    for (let at = 2; at < 2 * PAUSES_KEPT + 10; at += 2) {
      pauses = withPlayControl(pauses, playPaused, data('welcome'), at);
      pauses = withPlayControl(pauses, playResumed, data('welcome'), at + 1);
    }
    expect(pauses).toHaveLength(PAUSES_KEPT);
    expect(isPaused(pauses!, 'held', 9_999, false)).toBe(true);
  });
});
