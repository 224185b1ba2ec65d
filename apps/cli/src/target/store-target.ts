/** The store opened by this process itself: there is no server, or none is wanted. */
import {
  channelsNow,
  type ChannelsNow,
  type EmailReport,
  type IngestAnswer,
  type Query,
  type RapportEngine,
  readReport,
} from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import {
  type ArmView,
  armView,
  changedEffects,
  type EffectsChange,
  effectsView,
  type EffectsView,
  statusView,
  type StatusView,
} from '../../../server/src/index';
import { CommandFailed, EXIT } from '../exit-code';
import type { BatchAnswer, BatchItem } from '../import/batch';
import { pause, type Pause, TARGET_BUSY_MS_MAX, type Target, type TargetAnswer, type TargetFigures } from './target';

type Stored = Extract<IngestAnswer, { ok: true }>;

export class StoreTarget implements Target {
  readonly name: string;
  readonly data: string;
  readonly url: string | undefined;

  /** @param url where the process serves the same store over HTTP too (demo) */
  constructor(
    private readonly engine: RapportEngine,
    private readonly owned: boolean,
    url?: string,
  ) {
    this.data = engine.data;
    this.name = `the store in ${engine.data}`;
    this.url = url;
  }

  readonly send = async (items: readonly BatchItem[]): Promise<BatchAnswer> => {
    const touchpoints = items.map((item) => item.touchpoint);
    const answer = await stored(() => this.engine.ingest(touchpoints));
    return { position: answer.position, rejected: [] };
  };

  query(query: Query): Promise<TargetAnswer> {
    return this.engine.query(query);
  }

  async settle(): Promise<number> {
    return (await stored(() => this.engine.settle())).position;
  }

  async retryParked(position: number): Promise<number | undefined> {
    const answer = await this.engine.retryParked(position);
    if (!answer.ok && answer.reason === 'notParked') return undefined;
    if (answer.ok) return answer.position;
    throw new CommandFailed(EXIT.unavailable, answer.detail);
  }

  async judgeClock(believe: boolean): Promise<number> {
    return (await stored(() => this.engine.judgeClock(believe))).position;
  }

  async command(command: PlayCommand, customerId?: string): Promise<number> {
    const answer = await this.engine.command(customerId ?? (await this.customerOf(command)), command);
    if (answer.ok) return answer.position;
    if ('reason' in answer) throw new CommandFailed(EXIT.unavailable, answer.detail);
    const code = answer.refused === 'unknownCustomer' ? EXIT.notFound : EXIT.conflict;
    throw new CommandFailed(code, `The command was refused: ${answer.detail}`);
  }

  async pause({ what, name, paused, by }: Pause): Promise<number> {
    if (what === 'channel') return (await stored(() => this.engine.pauseChannel(name, paused, by))).position;
    const { found } = await this.engine.query({ name: 'play', params: { play: name } });
    if (!found) throw new CommandFailed(EXIT.notFound, `There is no play ${JSON.stringify(name)} in ${this.name}.`);
    return (await stored(() => this.pausePlay(name, paused, by))).position;
  }

  private async pausePlay(play: string, paused: boolean, by: string): Promise<IngestAnswer> {
    const answer = await this.engine.pausePlay(play, paused, by);
    if (!answer.ok && answer.reason === 'unknownPlay') throw new CommandFailed(EXIT.notFound, answer.detail);
    return answer;
  }

  private async customerOf(command: PlayCommand): Promise<string> {
    const action = 'action' in command ? command.action : '';
    const answer = await this.engine.query({ name: 'action', params: { action } });
    if (answer.found) return (JSON.parse(answer.json) as { customerId: string }).customerId;
    throw new CommandFailed(EXIT.notFound, `There is no action ${JSON.stringify(action)} in ${this.name}.`);
  }

  async receive(report: EmailReport): Promise<number> {
    const read = await readReport(this.engine, report, Date.now());
    if (read.ok) return (await stored(() => this.engine.ingest([read.touchpoint]))).position;
    if (read.because !== 'invalid') throw new CommandFailed(EXIT.notFound, read.detail);
    throw new CommandFailed(EXIT.usage, `${read.field}: ${read.detail}.`);
  }

  channels(): Promise<ChannelsNow> {
    return Promise.resolve(channelsNow(this.engine));
  }

  figures(): Promise<TargetFigures> {
    const { duplicates, parked, head } = this.engine.status();
    return Promise.resolve({ duplicates, parked, head });
  }

  status(): Promise<StatusView> {
    return Promise.resolve(statusView(this.engine));
  }

  effects(): Promise<EffectsView> {
    return Promise.resolve(effectsView(this.engine));
  }

  async setEffects(change: EffectsChange): Promise<EffectsView> {
    const { engine } = this;
    const { position } = await stored(() => engine.setEffects(changedEffects(engine.effects().set, change)));
    return effectsView(engine, position);
  }

  async arm(by: string): Promise<ArmView> {
    const { position } = await stored(() => this.engine.arm(by));
    return armView(this.engine, position);
  }

  async close(): Promise<void> {
    if (this.owned) await this.engine.close();
  }
}

/** Tries again while the store is overloaded or out of room, each time after as long as it asks for. */
async function stored(ask: () => Promise<IngestAnswer>): Promise<Stored> {
  const until = performance.now() + TARGET_BUSY_MS_MAX;
  for (;;) {
    const answer = await ask();
    if (answer.ok) return answer;
    if (performance.now() > until)
      throw new CommandFailed(EXIT.unavailable, `The store takes nothing: ${answer.detail}`);
    await pause(answer.retryAfterSeconds * 1_000);
  }
}
