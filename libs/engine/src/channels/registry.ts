/** The channels: one file each, one line here. */
import type { LogEntry } from '../rapport.types';
import type { Channel } from './channel.types';
import { ChatChannel, type ChatOptions } from './chat.channel';
import { EmailChannel, type EmailOptions } from './email.channel';
import { AddressGuard } from './http/address-guard';
import { type Resolve, resolveByDns } from './http/destination';
import { HttpPoster } from './http/post';
import { LogChannel } from './log.channel';
import { SurveyChannel } from './survey.channel';
import { TaskChannel } from './task.channel';
import { WebhookChannel, type WebhookOptions } from './webhook.channel';

export interface ChannelOptions {
  webhook: WebhookOptions;
  chat: ChatOptions;
  email: EmailOptions;
  /** Addresses or blocks that are not public and may be sent to all the same. */
  allowAddresses: string[];
}

export const NO_CHANNEL_OPTIONS: ChannelOptions = {
  webhook: { destinations: {} },
  chat: { destinations: {} },
  email: { from: 'rapport@localhost' },
  allowAddresses: [],
};

interface Made {
  options: ChannelOptions;
  poster: () => HttpPoster;
  say: (entry: LogEntry) => void;
}

const MAKERS: { [name: string]: (made: Made) => Channel } = {
  webhook: ({ options, poster }) => new WebhookChannel(options.webhook, poster()),
  email: ({ options }) => new EmailChannel(options.email),
  task: ({ options, poster }) => new TaskChannel(options.webhook, poster()),
  survey: ({ options }) => new SurveyChannel(options.email),
  chat: ({ options, poster }) => new ChatChannel(options.chat, poster()),
  log: ({ say }) => new LogChannel(say),
};

/** Every name that a step may use as `by`. */
export const CHANNEL_NAMES: readonly string[] = Object.keys(MAKERS);

/** Throws where the options are faulty: a secret that is none, an allowance that is no address. */
export function makeChannels(
  options: ChannelOptions,
  say: (entry: LogEntry) => void,
  resolve: Resolve = resolveByDns,
): Map<string, Channel> {
  const guard = new AddressGuard(options.allowAddresses);
  const poster = (): HttpPoster => new HttpPoster(guard, resolve);
  return new Map(Object.entries(MAKERS).map(([name, make]) => [name, make({ options, poster, say })]));
}
