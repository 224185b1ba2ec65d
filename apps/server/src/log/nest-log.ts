import type { LoggerService } from '@nestjs/common';
import type { LogEntry } from '@rapport/engine';
import type { Log } from './json-log';

/** What Nest itself has to say goes into the same log; its start-up chatter only at debug. */
export class NestLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  readonly fatal = (message: unknown, ...rest: unknown[]): void => this.say('error', message, rest);
  readonly error = (message: unknown, ...rest: unknown[]): void => this.say('error', message, rest);
  readonly warn = (message: unknown, ...rest: unknown[]): void => this.say('warn', message, rest);
  readonly log = (message: unknown, ...rest: unknown[]): void => this.say('debug', message, rest);
  readonly debug = (message: unknown, ...rest: unknown[]): void => this.say('debug', message, rest);
  readonly verbose = (message: unknown, ...rest: unknown[]): void => this.say('debug', message, rest);

  private say(level: LogEntry['level'], message: unknown, rest: unknown[]): void {
    const text = message instanceof Error ? (message.stack ?? message.message) : String(message);
    this.sink({ level, message: text, ...(rest.length === 0 ? {} : { context: rest.map(String).join(' ') }) });
  }
}
