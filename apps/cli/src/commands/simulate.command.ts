/** `rapport simulate`: seeded customers through the real ingest path, as history and then live. */
import { EXIT, type ExitCode } from '../exit-code';
import { interruptSignal } from '../output/interrupt';
import { note, say } from '../output/notes';
import { Progress } from '../output/progress';
import { stageTable } from '../output/stage-table';
import { plural } from '../output/table';
import { LiveTouchpoints } from '../simulation/live-touchpoints';
import { playHistory, playLive } from '../simulation/play';
import { midnightBefore } from '../simulation/simulation';
import { openTarget } from '../target/open-target';
import { settleAndWait } from '../target/target';
import type { JsonFlags } from './operations.commands';

export interface SimulateFlags extends JsonFlags {
  customers: number;
  months: number;
  seed: number;
  /** Touchpoints a second; 0 = history only. */
  liveRate: number;
  until?: number;
}

export async function simulateCustomers(flags: SimulateFlags): Promise<ExitCode> {
  const { customers, months, seed, liveRate } = flags;
  const until = flags.until ?? midnightBefore(Date.now());
  const target = await openTarget(flags, true);
  const signal = interruptSignal('Stopping.');
  try {
    const before = await target.figures();
    const progress = new Progress('Simulating');
    const sent = await playHistory(target, { customers, months, seed, until }, signal, (count) =>
      progress.show(count, 'touchpoints'),
    );
    progress.end();
    if (signal.aborted) return EXIT.interrupted;
    const counts = await settleAndWait(target, signal);
    const repeats = Math.min(sent, Math.max(0, (await target.figures()).duplicates - before.duplicates));
    if (flags.json) say(JSON.stringify({ sent, repeats, counts }));
    else
      say(
        `${plural(sent, 'touchpoint')} of ${plural(customers, 'customer')} sent, ${repeats} known already.\n\n${stageTable(counts)}`,
      );
    if (liveRate > 0) {
      note(`Now ${liveRate} live touchpoints a second, until Ctrl-C.`);
      await playLive(target, new LiveTouchpoints(seed, customers, Date.now()), liveRate, signal);
    }
    return EXIT.ok;
  } finally {
    await target.close();
  }
}
