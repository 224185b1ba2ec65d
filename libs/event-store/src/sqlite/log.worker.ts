/** The log writer's thread: owns the only read-write connection, commits what all clients send, feeds what was committed to whoever listens. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import type { AppendRequest, AppendResult } from '../event-store';
import type { LogReader } from '../log-reader';
import { exactBuffer, FeedSender } from './feed-sender';
import {
  type FromWorker,
  type FromWriter,
  GROUP_BYTES_MAX,
  GROUP_EVENTS_MAX,
  type LogWorkerData,
  numberToExpected,
  type ToWorker,
  type ToWriter,
} from './log-protocol';
import { openLogReader } from './log-reader';
import type { CommittedGroup, SqliteLogWriter } from './log-writer';
import { HEAD_SAVE_INTERVAL_MS, RunningLog } from './running-log';
import { StoreRefused } from './store-refused';

/** In a quiet second the WAL is copied into the database already when it is this long. */
const IDLE_CHECKPOINT_PAGES = 256;

interface Client {
  port: MessagePort;
  feeds: Map<number, FeedSender>;
  watchesHead: boolean;
  /** Results of the group being committed: see FromWriter. */
  numbers: number[];
  failures: (AppendResult & { ok: false })[];
}

interface Waiting {
  client: Client;
  id: number;
  requests: AppendRequest[];
}

class LogWorker {
  private readonly writer: SqliteLogWriter;
  private readonly clients: Client[] = [];
  private firstToDrain = 0;
  private queue: Waiting[] = [];
  private queued = { events: 0, bytes: 0 };
  private scheduled = false;
  private group: CommittedGroup | undefined;
  private reader: LogReader | undefined;
  private readonly ticker: NodeJS.Timeout;
  private commitsAtTick = 0;
  private refused = false;

  constructor(
    private readonly control: MessagePort,
    private readonly log: RunningLog,
    private readonly folder: string,
  ) {
    this.writer = log.writer;
    this.writer.onGroup = (group) => (this.group = group);
    control.on('message', (message: ToWorker) => this.command(message));
    this.ticker = setInterval(() => this.tick(), HEAD_SAVE_INTERVAL_MS);
    const reading = this.readLog();
    this.tell({ kind: 'ready', head: this.writer.head, meta: reading.meta() });
  }

  private command(message: ToWorker): void {
    switch (message.kind) {
      case 'connect':
        return this.connect(message.port);
      case 'close':
        return this.close();
    }
  }

  private connect(port: MessagePort): void {
    const client: Client = { port, feeds: new Map(), watchesHead: false, numbers: [], failures: [] };
    this.clients.push(client);
    port.on('message', (message: ToWriter) => this.receive(client, message));
    port.on('close', () => this.clients.splice(this.clients.indexOf(client), 1));
  }

  private receive(client: Client, message: ToWriter): void {
    switch (message.kind) {
      case 'append':
        return this.enqueue(client, message);
      case 'feed': {
        const sender = new FeedSender(client.port, message.feed, message.prefixes);
        client.feeds.set(message.feed, sender);
        return sender.resume(message.after, this.writer.head, () => this.readLog());
      }
      case 'resume':
        return client.feeds.get(message.feed)?.resume(message.after, this.writer.head, () => this.readLog());
      case 'taken':
        return client.feeds.get(message.feed)?.taken(message.bytes);
      case 'stopFeed':
        client.feeds.delete(message.feed);
        return;
      case 'watchHead':
        client.watchesHead = true;
        return;
    }
  }

  private enqueue(client: Client, message: ToWriter & { kind: 'append' }): void {
    const requests: AppendRequest[] = [];
    for (let i = 0; i < message.streams.length; i++) {
      const events = { count: message.counts[i] as number, bytes: message.bytes[i] as Uint8Array };
      const expected = numberToExpected(message.expected[i] as number);
      requests.push({ stream: message.streams[i] as string, expected, events });
      this.queued.events += events.count;
      this.queued.bytes += events.bytes.length;
    }
    this.queue.push({ client, id: message.id, requests });
    this.schedule();
  }

  /** Commits when everything that has arrived by now was received. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.turn();
    });
  }

  private turn(): void {
    this.drain();
    this.commitQueue();
    this.writer.maintain();
    if (this.queue.length > 0) this.schedule();
  }

  /** Takes what waits at the ports, beginning with another client each time so that none starves. */
  private drain(): void {
    const { clients } = this;
    this.firstToDrain++;
    for (let i = 0; i < clients.length; i++) {
      const client = clients[(this.firstToDrain + i) % clients.length] as Client;
      while (this.queued.events < GROUP_EVENTS_MAX && this.queued.bytes < GROUP_BYTES_MAX) {
        const message = receiveMessageOnPort(client.port)?.message as ToWriter | undefined;
        if (message === undefined) break;
        this.receive(client, message);
      }
    }
  }

  /** One commit group from the head of the queue. */
  private commitQueue(): void {
    const batch: Waiting[] = [];
    const requests: AppendRequest[] = [];
    let events = 0;
    let bytes = 0;
    for (const waiting of this.queue) {
      if (events >= GROUP_EVENTS_MAX || bytes >= GROUP_BYTES_MAX) break;
      batch.push(waiting);
      for (const request of waiting.requests) {
        requests.push(request);
        events += request.events.count;
        bytes += request.events.bytes.length;
      }
    }
    if (batch.length === 0) return;
    this.queue = this.queue.slice(batch.length);
    this.queued.events -= events;
    this.queued.bytes -= bytes;
    this.group = undefined;
    this.answer(batch, this.writer.commit(requests));
    if (this.group) this.publish(this.group);
    if (this.refused !== (this.writer.trouble !== undefined)) this.tellStats();
  }

  private answer(batch: Waiting[], results: AppendResult[]): void {
    let next = 0;
    for (const { client, id, requests } of batch) {
      client.numbers.push(id, requests.length);
      for (let i = 0; i < requests.length; i++) {
        const result = results[next++] as AppendResult;
        if (result.ok) client.numbers.push(result.firstRevision, result.firstPosition);
        else client.numbers.push(-client.failures.push(result), 0);
      }
    }
    const { head } = this.writer;
    for (const client of this.clients) {
      if (client.numbers.length === 0) continue;
      const { numbers, failures } = client;
      client.port.postMessage({ kind: 'appended', numbers, failures, head } satisfies FromWriter);
      client.numbers = [];
      client.failures = [];
    }
  }

  /** The first receiver gets the group's own memory, every further one a copy. */
  private publish(group: CommittedGroup): void {
    const receivers: FeedSender[] = [];
    for (const client of this.clients) {
      for (const feed of client.feeds.values()) if (feed.wants(group)) receivers.push(feed);
      if (client.watchesHead) client.port.postMessage({ kind: 'head', head: group.head } satisfies FromWriter);
    }
    const buffer = exactBuffer(group.frames);
    for (let i = receivers.length - 1; i >= 0; i--)
      (receivers[i] as FeedSender).send(i === 0 ? buffer : buffer.slice(0), group.head);
  }

  private tick(): void {
    this.log.saveHead();
    const { commits } = this.writer.stats();
    if (commits === this.commitsAtTick) this.writer.maintain(IDLE_CHECKPOINT_PAGES);
    else this.tellStats();
    this.commitsAtTick = commits;
  }

  private close(): void {
    clearInterval(this.ticker);
    do {
      this.drain();
      this.commitQueue();
    } while (this.queue.length > 0);
    const stats = this.writer.stats();
    this.reader?.close();
    this.log.close();
    this.tell({ kind: 'closed', stats });
    for (const { port } of [...this.clients]) port.close();
    this.control.close();
  }

  private readLog(): LogReader {
    return (this.reader ??= openLogReader(this.folder));
  }

  private tellStats(): void {
    this.refused = this.writer.trouble !== undefined;
    const stats = this.writer.stats();
    if (this.log.headProblem !== undefined) stats.headProblem = this.log.headProblem;
    this.tell({ kind: 'stats', stats });
  }

  private tell(message: FromWorker): void {
    this.control.postMessage(message);
  }
}

function start(control: MessagePort, data: LogWorkerData): void {
  try {
    new LogWorker(control, new RunningLog(data), data.folder);
  } catch (error) {
    const reason = error instanceof StoreRefused ? error.reason : 'error';
    const message = error instanceof Error ? error.message : String(error);
    control.postMessage({ kind: 'refused', reason, message } satisfies FromWorker);
  }
}

if (parentPort) start(parentPort, workerData as LogWorkerData);
