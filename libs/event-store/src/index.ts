export * from './event-store';
export * from './log-reader';
export { EventCursor, unpack } from './event-cursor';
export { EventPacker, pack } from './event-packer';
export { EVENT_BYTES_MAX, EventTooLarge, MalformedRecords } from './record-format';
