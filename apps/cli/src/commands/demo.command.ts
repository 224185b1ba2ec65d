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
import { demoConfiguration, freePort, letPlaysWork } from '../demo/demo-plays';
import type { PlaysAtWork } from '../demo/plays-at-work';
import { LocalInbox } from '../inbox/local-inbox';
import { demoText } from './demo-text';
import { playsText } from './demo-plays-text';
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
  const inbox = await LocalInbox.start(data);
  try {
    const server = await listen(flags, data, inbox);
    try {
      await run({ server, inbox, flags, signal, started });
    } finally {
      await server.close();
    }
  } finally {
    await inbox.stop();
    // A folder that nobody named holds nothing that anybody wants to keep.
    if (named === undefined) rmSync(data, { recursive: true, force: true });
  }
  return signal.aborted && flags.exitAfterReady ? EXIT.interrupted : EXIT.ok;
}

interface Run {
  server: RunningServer;
  inbox: LocalInbox;
  flags: DemoFlags;
  signal: AbortSignal;
  started: number;
}

async function run({ server, inbox, flags, signal, started }: Run): Promise<void> {
  const target = new StoreTarget(server.engine, false, server.url);
  const played = await play(target, flags, signal);
  if (signal.aborted) return;
  const work = played ? await letPlaysWork(target, server, inbox, signal) : null;
  if (signal.aborted) return;
  await show({ target, server, flags, work, seconds: (performance.now() - started) / 1_000 });
  if (!flags.exitAfterReady) await serveLive(target, flags, signal);
}

/** On the wanted port, or on any free one where that is taken and nobody asked for it. */
async function listen(flags: DemoFlags, data: string, inbox: LocalInbox): Promise<RunningServer> {
  const { port, host, definition, plays, config } = flags;
  const asked = { host, definition, plays, config, data, logLevel: process.env['LOG_LEVEL'] ?? 'warn' };
  const first = configurationOf({ ...asked, port });
  // The port stands in the links of messages, so it is chosen before anything is sent.
  const onFree = async () => configurationOf({ ...asked, port: await freePort(first.host) });
  try {
    return await startServer(demoConfiguration(first.port === 0 ? await onFree() : first, inbox));
  } catch (error) {
    const wanted = port ?? process.env['PORT'];
    if (!(error instanceof CannotListen) || wanted !== undefined) throw error;
    note(`${error.message} Taking a free one.`);
    return startServer(demoConfiguration(await onFree(), inbox));
  }
}

/** True = the history was played. */
async function play(target: Target, flags: DemoFlags, signal: AbortSignal): Promise<boolean> {
  const { customers, months, seed } = flags;
  const known = (await readCounts(target)).total;
  if (known > 0) {
    note(
      `The store in ${target.data} holds ${formatCount(known)} customers already: nothing is played on top of them.`,
    );
    return false;
  }
  note(`Playing ${months} months of ${formatCount(customers)} simulated customers into the store in ${target.data}.`);
  const until = midnightBefore(Date.now());
  await playHistory(target, { customers, months, seed, until }, signal, () => undefined);
  if (!signal.aborted) await settleAndWait(target, signal);
  return true;
}

interface Shown {
  target: Target;
  server: RunningServer;
  flags: DemoFlags;
  /** null = there are no plays, or nothing was played. */
  work: PlaysAtWork | null;
  seconds: number;
}

async function show({ target, server, flags, work, seconds }: Shown): Promise<void> {
  const counts = await readCounts(target);
  const moves: Moves = await tellMoves(target);
  const { url } = server;
  const { data } = target;
  if (flags.json) {
    say(JSON.stringify({ url, docs: `${url}/docs`, data, seconds, counts, ...moves, plays: work }));
    return;
  }
  const text = demoText({ url, table: stageTable(counts, moves.order), moves, seconds });
  say(work === null ? text : `${text}\n\n${playsText(work, { url, data: data ?? '' })}`);
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
