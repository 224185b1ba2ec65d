import type { LogReader, LogVerification } from './log-reader';

/** Reads the whole log and lists what does not hold; see LogReader.verify. */
export function verifyLog(reader: LogReader, onProgress?: (events: number, ofEvents: number) => void): LogVerification {
  return reader.verify(onProgress);
}
