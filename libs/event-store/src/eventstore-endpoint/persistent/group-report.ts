/** Messages that tell of a group (persistent.proto, SubscriptionInfo). */
import { WireMessage } from '../wire/wire-message';
import type { Consumer } from './consumer';
import type { Group } from './group';
import { ALL } from './group-name';
import type { GroupSettings } from './group-settings';

const TOLD = {
  ...{ source: 1, group: 2, status: 3, connection: 4, totalItems: 6, checkpointed: 8, known: 9, resolveLinks: 10 },
  ...{ startFrom: 11, messageTimeout: 12, extraStatistics: 13, maxRetryCount: 14, liveBufferSize: 15, bufferSize: 16 },
  ...{ readBatchSize: 17, checkPointAfter: 18, minCheckPoint: 19, maxCheckPoint: 20, readBuffer: 21, liveBuffer: 22 },
  ...{ retryBuffer: 23, inFlight: 24, outstanding: 25, strategy: 26, maxSubscribers: 27, parked: 28 },
} as const;

export async function groupReport(group: Group): Promise<WireMessage> {
  const { name, consumers, finished, waiting, progress, settings } = group;
  const all = name.source === ALL;
  const message = new WireMessage(512)
    .text(TOLD.source, name.source)
    .text(TOLD.group, name.group)
    .text(TOLD.status, 'Live')
    .uint(TOLD.totalItems, finished)
    .uint(TOLD.readBuffer, waiting.fresh)
    .uint(TOLD.liveBuffer, 0)
    .uint(TOLD.retryBuffer, waiting.retries)
    .uint(TOLD.inFlight, waiting.inFlight)
    .uint(TOLD.outstanding, waiting.inFlight)
    .uint(TOLD.parked, await group.memory.parkedCount());
  if (progress.saved >= 0) message.text(TOLD.checkpointed, placeText(progress.saved, all));
  if (progress.newest >= 0) message.text(TOLD.known, placeText(progress.newest, all));
  for (const consumer of consumers) message.message(TOLD.connection, connection(consumer));
  return withSettings(message, settings, all);
}

function withSettings(message: WireMessage, settings: GroupSettings, all: boolean): WireMessage {
  const { startFrom } = settings;
  const from = startFrom === 'end' ? -1 : startFrom;
  return message
    .flag(TOLD.resolveLinks, settings.resolveLinks)
    .text(TOLD.startFrom, placeText(from, all))
    .uint(TOLD.messageTimeout, settings.messageTimeoutMs)
    .flag(TOLD.extraStatistics, settings.extraStatistics)
    .uint(TOLD.maxRetryCount, settings.maxRetryCount)
    .uint(TOLD.liveBufferSize, settings.liveBufferSize)
    .uint(TOLD.bufferSize, settings.historyBufferSize)
    .uint(TOLD.readBatchSize, settings.readBatchSize)
    .uint(TOLD.checkPointAfter, settings.checkPointAfterMs)
    .uint(TOLD.minCheckPoint, settings.minCheckPointCount)
    .uint(TOLD.maxCheckPoint, settings.maxCheckPointCount)
    .text(TOLD.strategy, settings.strategy)
    .uint(TOLD.maxSubscribers, settings.maxSubscriberCount);
}

function placeText(number: number, all: boolean): string {
  return all ? `C:${number}/P:${number}` : String(number);
}

function connection(consumer: Consumer): WireMessage {
  return new WireMessage()
    .uint(4, consumer.sent)
    .uint(7, Math.max(0, consumer.free))
    .uint(8, consumer.inFlight.size)
    .text(9, consumer.connectionName);
}
