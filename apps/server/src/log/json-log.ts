/** The server's log: one JSON object a line, or a short line for people where the output is a terminal. */
import type { LogEntry } from '@rapport/engine';
import { LOG_LEVELS } from '../config/configuration';
import type { LogLevel } from '../config/configuration';

export type Log = (entry: LogEntry) => void;

export interface LogSink {
  write(line: string): unknown;
}

export function makeLog(level: LogLevel, sink: LogSink, forPeople: boolean, now: () => Date = () => new Date()): Log {
  const least = LOG_LEVELS.indexOf(level);
  return (entry) => {
    if (LOG_LEVELS.indexOf(entry.level) < least) return;
    sink.write(`${forPeople ? peopleLine(entry, now()) : jsonLine(entry, now())}\n`);
  };
}

function jsonLine(entry: LogEntry, time: Date): string {
  const { level, message, ...details } = entry;
  return JSON.stringify({ time: time.toISOString(), level, message, ...details }, plain);
}

function peopleLine(entry: LogEntry, time: Date): string {
  const { level, message, ...details } = entry;
  const rest = Object.entries(details).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value, plain)}`,
  );
  return `${time.toISOString().slice(11, 23)} ${level.padEnd(5)} ${message}${rest.join('')}`;
}

/** An error has no enumerable fields: its name and stack are what a reader needs. BigInt has no JSON form. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'bigint' ? value.toString() : value;
}
