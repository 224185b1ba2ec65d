/** `rapport demo`: a server on a fresh store, a played simulation, and what to look at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotListen, configurationOf, startServer, type RunningServer } from '../../../server/src/index';
import { EXIT, type ExitCode } from '../exit-code';
import { interruptSignal } from '../output/interrupt';
import { note, say } from '../output/notes';
import { formatCount } from '../output/table';
import { stageTable } from '../output/stage-table';
import { LiveTouchpoints } from '../simulation/live-touchpoints';
import { pauseOrStop, playHistory, playLive } from '../simulation/play';
import { midnightBefore } from '../simulation/simulation';
import { StoreTarget } from '../target/store-target';
import { readCounts, settleAndWait, type Target } from '../target/target';
import { demoText } from './demo-text';
import { tellMoves, type Moves } from './moves';

export interface DemoFlags {
  port?: string;
  host?: string;
  data?: string;
  definition?: string;
  plays?: string;
  config?: string;
  customers: number;
  months: number;
  seed: number;
  liveRate: number;
  exitAfterReady?: boolean;
  json?: boolean;
}

export async function demo(flags: DemoFlags): Promise<ExitCode> {
  const started = performance.now();
  const named = flags.data ?? (process.env['RAPPORT_DATA'] || undefined);
  const data = named ?? mkdtempSync(join(tmpdir(), 'rapport-demo-'));
  const signal = interruptSignal('Stopping.');
  const server = await listen(flags, data);
  try {
    const target = new StoreTarget(server.engine, false, server.url);
    await play(target, flags, signal);
    if (signal.aborted) return EXIT.interrupted;
    await show(target, server, flags, (performance.now() - started) / 1_000);
    if (!flags.exitAfterReady) await serveLive(target, flags, signal);
    return EXIT.ok;
  } finally {
    await server.close();
    // A folder that nobody named holds nothing that anybody wants to keep.
    if (named === undefined) rmSync(data, { recursive: true, force: true });
  }
}

/** On the wanted port, or on any free one where that is taken and nobody asked for it. */
async function listen(flags: DemoFlags, data: string): Promise<RunningServer> {
  const { port, host, definition, plays, config } = flags;
  const asked = { host, definition, plays, config, data, logLevel: process.env['LOG_LEVEL'] ?? 'warn' };
  try {
    return await startServer(configurationOf({ ...asked, port }));
  } catch (error) {
    const wanted = port ?? process.env['PORT'];
    if (!(error instanceof CannotListen) || wanted !== undefined) throw error;
    note(`${error.message} Taking a free one.`);
    return startServer(configurationOf({ ...asked, port: '0' }));
  }
}

async function play(target: Target, flags: DemoFlags, signal: AbortSignal): Promise<void> {
  const { customers, months, seed } = flags;
  const known = (await readCounts(target)).total;
  if (known > 0) {
    note(
      `The store in ${target.data} holds ${formatCount(known)} customers already: nothing is played on top of them.`,
    );
    return;
  }
  note(`Playing ${months} months of ${formatCount(customers)} simulated customers into the store in ${target.data}.`);
  const until = midnightBefore(Date.now());
  await playHistory(target, { customers, months, seed, until }, signal, () => undefined);
  if (!signal.aborted) await settleAndWait(target, signal);
}

async function show(target: Target, server: RunningServer, flags: DemoFlags, seconds: number): Promise<void> {
  const counts = await readCounts(target);
  const moves: Moves = await tellMoves(target);
  if (flags.json) {
    say(JSON.stringify({ url: server.url, docs: `${server.url}/docs`, data: target.data, seconds, counts, ...moves }));
    return;
  }
  say(demoText({ url: server.url, table: stageTable(counts, moves.order), moves, seconds }));
}

async function serveLive(target: Target, flags: DemoFlags, signal: AbortSignal): Promise<void> {
  note(
    flags.liveRate > 0
      ? `Now ${flags.liveRate} live touchpoints a second. Ctrl-C ends it.`
      : 'Serving. Ctrl-C ends it.',
  );
  if (flags.liveRate > 0)
    return playLive(target, new LiveTouchpoints(flags.seed, flags.customers, Date.now()), flags.liveRate, signal);
  while (!signal.aborted) await pauseOrStop(60_000, signal);
}
