export * from './event-store';
export type { ChunkLog, ChunkMessage, ChunkSubscription } from './chunk-log';
export * from './log-reader';
export { EventCursor, unpack } from './event-cursor';
export { BlockingLogReader } from './blocking/blocking-log-reader';
export { chunksOfEvents } from './blocking/chunks-of-events';
export { answersFrom, type LogAnswers } from './blocking/log-answers';
export { EventPacker, pack } from './event-packer';
export { EVENT_BYTES_MAX, EventTooLarge, MalformedRecords } from './record-format';
export type {
  Endpoint,
  EndpointFaults,
  EndpointOptions,
  ViewEntries,
  ViewStreams,
  WriteRules,
} from './eventstore-endpoint/endpoint.types';
export { openEventStoreEndpoint } from './eventstore-endpoint/open-endpoint';
export type { EventStoreDb, EventStoreDbOptions, WriteResult } from './eventstoredb/eventstoredb.types';
export type { FollowState, StreamMessage, StreamSubscription } from './eventstoredb/following.types';
export { openEventStoreDb } from './eventstoredb/open-eventstoredb';
export { ServerUnfit, StoreUnavailable } from './eventstoredb/server-errors';
export { backupLog, type LogBackup } from './sqlite/backup-log';
export { checkHeadAgainst } from './sqlite/log-checks';
export { type FeedOptions, LogClient, type LogFeed } from './sqlite/log-client';
export { openLogReader } from './sqlite/log-reader';
export { type LogWriterOptions, type LogWriterStats, SqliteLogWriter } from './sqlite/log-writer';
export { RunningLog } from './sqlite/running-log';
export { openSqliteEventStore, type SqliteEventStore, type SqliteStoreOptions } from './sqlite/sqlite-event-store';
export { acquireStoreLock, type StoreLock } from './sqlite/store-lock';
export { StoreRefused } from './sqlite/store-refused';
export { verifyLog } from './verify-log';
export { startWorker } from './worker-thread';
