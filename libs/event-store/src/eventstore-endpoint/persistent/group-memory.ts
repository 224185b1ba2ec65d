/** What a group must not forget, in streams of the log: how far everything is done, and what was given up for now. */
import type { ChunkLog } from '../../chunk-log';
import { unpack } from '../../event-cursor';
import type { StoredEvent } from '../../event-store';
import type { Appender } from '../streams/appender';
import { newEvent } from '../streams/appender';
import { META_PREFIX } from '../streams/stream-states';
import { keyOf } from '../streams/recent-ids';
import type { GroupItem } from './group-item';
import { ALL, checkpointStream, type GroupName, parkedStream } from './group-name';

const CHECKPOINT_TYPE = '$SubscriptionCheckpoint';
const LINK_TYPE = '$>';
const PAGE_EVENTS = 256;

export class GroupMemory {
  constructor(
    private readonly log: ChunkLog,
    private readonly appender: Appender,
    private readonly name: GroupName,
  ) {}

  /** The number up to which all is done; undefined = nothing was saved. */
  async checkpoint(): Promise<number | undefined> {
    const stream = checkpointStream(this.name);
    const last = await this.log.streamHead(stream);
    if (last < 0 || this.appender.states.of(stream).deleted) return undefined;
    const [chunk] = await this.log.streamChunks(stream, last, 1);
    const [event] = chunk ? unpack(chunk) : [];
    return event && numberIn(JSON.parse(Buffer.from(event.data).toString()));
  }

  async saveCheckpoint(number: number): Promise<void> {
    const data = JSON.stringify(this.name.source === ALL ? `C:${number}/P:${number}` : number);
    await this.write(checkpointStream(this.name), CHECKPOINT_TYPE, data, true);
  }

  async park({ event, number }: GroupItem, reason: string): Promise<void> {
    const metadata = { added: new Date().toISOString(), reason, subscriptionEventNumber: number };
    const link = `${event.revision}@${event.stream}`;
    await this.write(parkedStream(this.name), LINK_TYPE, link, false, JSON.stringify(metadata));
  }

  /** How many are parked and not replayed. */
  async parkedCount(): Promise<number> {
    const stream = parkedStream(this.name);
    return Math.max(0, (await this.log.streamHead(stream)) + 1 - this.shownFrom(stream));
  }

  /** Takes so many out, oldest first. */
  async unpark(count: number): Promise<GroupItem[]> {
    const stream = parkedStream(this.name);
    const first = this.shownFrom(stream);
    const links: StoredEvent[] = [];
    const last = Math.min(await this.log.streamHead(stream), first + count - 1);
    for (let next = first; next <= last;) {
      const chunks = await this.log.streamChunks(stream, next, Math.min(PAGE_EVENTS, last - next + 1));
      if (chunks.length === 0) break;
      for (const chunk of chunks) links.push(...unpack(chunk));
      next = (links.at(-1)?.revision ?? last) + 1;
    }
    const items: GroupItem[] = [];
    for (const link of links) {
      const event = await this.linked(link);
      if (event) items.push({ key: keyOf(link.id), event, link, number: event.revision, retries: 0 });
    }
    if (links.length > 0) await this.write(`${META_PREFIX}${stream}`, '$metadata', `{"$tb":${last + 1}}`, true);
    return items;
  }

  /** For a group of the same name that comes later. */
  async forget(): Promise<void> {
    for (const stream of [checkpointStream(this.name), parkedStream(this.name)]) {
      const last = await this.log.streamHead(stream);
      if (last >= 0) await this.write(`${META_PREFIX}${stream}`, '$metadata', '{"$tb":9223372036854775807}', true);
    }
  }

  private shownFrom(stream: string): number {
    return this.appender.states.of(stream).truncateBefore;
  }

  private async linked(link: StoredEvent): Promise<StoredEvent | undefined> {
    const [, revision, stream] = /^(\d+)@(.*)$/s.exec(Buffer.from(link.data).toString()) ?? [];
    if (revision === undefined || stream === undefined) return undefined;
    const [chunk] = await this.log.streamChunks(stream, Number(revision), 1);
    return chunk && unpack(chunk)[0];
  }

  private async write(stream: string, type: string, data: string, json: boolean, metadata = ''): Promise<void> {
    const outcome = await this.appender.appendOwn(stream, [newEvent(type, data, json, metadata)]);
    if (outcome.kind !== 'success') throw new Error(`${stream} could not be written: ${outcome.kind}`);
  }
}

function numberIn(checkpoint: unknown): number | undefined {
  if (typeof checkpoint === 'number') return checkpoint;
  const match = typeof checkpoint === 'string' ? /^C:(\d+)\//.exec(checkpoint) : null;
  return match ? Number(match[1]) : undefined;
}
