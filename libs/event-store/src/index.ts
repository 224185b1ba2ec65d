export * from './event-store';
export * from './log-reader';
export { EventCursor, unpack } from './event-cursor';
export { EventPacker, pack } from './event-packer';
export { EVENT_BYTES_MAX, EventTooLarge, MalformedRecords } from './record-format';
export { openLogReader } from './sqlite/log-reader';
export { type LogWriterOptions, type LogWriterStats, SqliteLogWriter } from './sqlite/log-writer';
export { StoreRefused } from './sqlite/store-refused';
