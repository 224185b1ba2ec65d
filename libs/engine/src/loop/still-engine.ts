/**
 * An engine without threads, whose clock stands still until it is told to move: the real log, the real read models, the real core. For
 * specs and simulations that must come to the same each time. Batches, flushes, restarts and ticks happen when the caller says so.
 */
import { randomBytes } from 'node:crypto';
import {
  type AppendRequest,
  EventPacker,
  type LogReader,
  openLogReader,
  pack,
  SqliteLogWriter,
} from '@rapport/event-store';
import { encodeTouchpoint, type PlayCommand, type Touchpoint } from '@rapport/journey';
import { openEngineReader, openReadModelQueries, SqliteReadModelFile } from '@rapport/read-models';
import { hashKeyNumber } from '../embedded/hash-key';
import { rebuildInto } from '../rebuild/rebuild';
import { partitionOf, touchpointStream } from '../partition';
import { commandRequest } from './commands';
import { EVENT, SEMANTICS } from './control-events';
import { DEFINITION_NAME, DEFINITION_STREAM_PREFIX, Definitions } from './definitions';
import { EngineCore } from './engine-core';
import { controlRequest, IdleWork } from './idle-work';

const CATCH_UP_BYTES = 1 << 20;
const LIVE_GENERATION = 1;
/** A still engine proves what is decided, not what survives a power cut. */
const NO_FSYNC = { synchronous: 'NORMAL' } as const;
const NEVER_QUIET_MS = Number.MAX_SAFE_INTEGER;

export interface StillEngineOptions {
  folder: string;
  partitions: number;
  now: number;
  /** Chunks folded between two flushes; Infinity = flush only when asked. */
  chunksPerFlush?: number;
  /** Bytes read from the log at once. */
  readBytes?: number;
}

export class StillEngine {
  core!: EngineCore;
  now: number;
  private readonly writer: SqliteLogWriter;
  private log!: LogReader;
  private models!: SqliteReadModelFile;
  private idle!: IdleWork;
  private chunksSinceFlush = 0;

  constructor(private readonly options: StillEngineOptions) {
    this.now = options.now;
    this.writer = new SqliteLogWriter({
      folder: options.folder,
      partitions: options.partitions,
      now: () => this.now,
      unsafe: NO_FSYNC,
    });
    this.open();
  }

  publish(document: string, version: number): void {
    const data = { name: DEFINITION_NAME, version, document, semantics: SEMANTICS };
    const event = {
      id: randomBytes(16),
      type: EVENT.definitionPublished,
      schemaVersion: 1,
      occurredAt: this.now,
      data: Buffer.from(JSON.stringify(data)),
    };
    this.append([
      {
        stream: DEFINITION_STREAM_PREFIX + DEFINITION_NAME,
        expected: version === 1 ? 'noStream' : { revision: version - 2 },
        events: pack([event]),
      },
    ]);
    if (version === 1)
      this.control(EVENT.definitionAdopted, { name: DEFINITION_NAME, version, semantics: SEMANTICS, cap: 100 });
  }

  /** One commit group. Returns the positions, in the order of the touchpoints. */
  record(touchpoints: Touchpoint[]): number[] {
    const { partitions } = this.options;
    const packers = Array.from({ length: partitions }, () => new EventPacker());
    const places = touchpoints.map((touchpoint) => {
      const partition = partitionOf(touchpoint.customerId, partitions);
      const { data, personal } = encodeTouchpoint(touchpoint);
      const packer = packers[partition]!;
      packer.addText(
        EVENT.touchpointRecorded,
        randomBytes(16),
        touchpoint.occurredAt,
        touchpoint.customerId,
        data,
        personal,
      );
      return { partition, place: packer.count - 1 };
    });
    const used = packers.flatMap((packer, partition) => (packer.count > 0 ? [partition] : []));
    const first = this.append(
      used.map((partition) => ({
        stream: touchpointStream(partition),
        expected: 'any',
        events: packers[partition]!.take(),
      })),
    );
    return places.map(({ partition, place }) => first[used.indexOf(partition)]! + place);
  }

  /** A control event for every partition, or for one. */
  control(type: string, data: object, partition?: number): void {
    const all = partition === undefined ? Array.from({ length: this.options.partitions }, (_, i) => i) : [partition];
    this.append(all.map((one) => controlRequest(one, type, data, this.now)));
  }

  /** Returns the position of the command. */
  command(customerId: string, command: PlayCommand): number {
    return this.append([commandRequest(customerId, command, this.options.partitions, this.now)])[0]!;
  }

  /** Folds everything, then does the idle work until none is left. */
  run(): void {
    for (;;) {
      while (this.foldSome());
      if (!this.idleOnce()) return;
    }
  }

  /** Appends what idle work wants now, to be folded; false where it wants nothing. */
  idleOnce(): boolean {
    const wanted = this.idle.wanted(this.now);
    if (wanted.length === 0) return false;
    this.append(wanted);
    return true;
  }

  /** Folds a batch; false where there was nothing to fold. Decisions are appended at once. */
  foldSome(): boolean {
    const chunks = this.log.chunks(this.core.position, this.options.readBytes ?? CATCH_UP_BYTES);
    if (chunks.length === 0) return false;
    this.core.preload(chunks);
    for (const chunk of chunks) {
      if (!this.core.foldChunk(chunk)) return false;
      const match = /^touchpoints-(\d+)$/.exec(chunk.stream);
      if (match) this.idle.folded(Number(match[1]), chunk);
    }
    this.storeDecisions();
    this.chunksSinceFlush += chunks.length;
    if (this.chunksSinceFlush >= (this.options.chunksPerFlush ?? Infinity)) this.flush();
    return true;
  }

  storeDecisions(): void {
    for (let taken = this.core.decisions.take(); taken; taken = this.core.decisions.take())
      taken.settle(this.writer.commit(taken.requests));
  }

  flush(): void {
    if (this.core.decisions.replaying) return;
    const { flush, number } = this.core.takeFlush();
    this.models.write(flush);
    this.core.written(number);
    this.chunksSinceFlush = 0;
  }

  /** As after kill -9: what was not flushed is gone from memory, the log stays. */
  restart(): void {
    this.closeReaders();
    this.open();
  }

  /** Canonical dump of the live read models, flushed first. */
  dump(): string[] {
    this.flush();
    return this.dumpOf(LIVE_GENERATION);
  }

  /** Rebuilds into a fresh generation, and dumps that. Everything must be decided and flushed. */
  rebuiltDump(generation: number): string[] {
    this.flush();
    const reader = openEngineReader(this.options.folder, LIVE_GENERATION);
    const checkpoint = reader.checkpoint()!;
    reader.close();
    const file = SqliteReadModelFile.openBulk(this.options.folder, generation);
    rebuildInto({
      log: this.log,
      hashKey: hashKeyNumber(this.log.meta().hashKey),
      checkpoint,
      write: (flush) => file.write(flush),
    });
    file.finishBulk();
    return this.dumpOf(generation);
  }

  close(): void {
    this.closeReaders();
    this.writer.close();
  }

  private append(requests: AppendRequest[]): number[] {
    return this.writer.commit(requests).map((result) => {
      if (!result.ok) throw new Error(`append failed: ${JSON.stringify(result)}`);
      return result.firstPosition;
    });
  }

  private dumpOf(generation: number): string[] {
    const queries = openReadModelQueries(this.options.folder, generation);
    const lines = [...queries.dump()];
    queries.close();
    return lines;
  }

  private open(): void {
    const { folder, partitions } = this.options;
    this.log = openLogReader(folder);
    this.models = SqliteReadModelFile.openLive(folder, LIVE_GENERATION);
    this.core = new EngineCore({
      reader: openEngineReader(folder, LIVE_GENERATION),
      log: this.log,
      definitions: Definitions.read(this.log),
      partitions,
      hashKey: hashKeyNumber(this.log.meta().hashKey),
    });
    this.idle = new IdleWork(this.core, NEVER_QUIET_MS);
    this.chunksSinceFlush = 0;
  }

  private closeReaders(): void {
    this.core.options.reader.close();
    this.models.close();
    this.log.close();
  }
}
