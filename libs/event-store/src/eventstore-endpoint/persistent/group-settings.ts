import { CreateReq, type UpdateReq } from '@eventstore/db-client/generated/persistent_pb';

import { EndpointError } from '../endpoint-error';
import { status } from '@grpc/grpc-js';

export type Strategy = 'DispatchToSingle' | 'RoundRobin' | 'Pinned';

/** From where a group begins: a revision of its stream or a position of the log, inclusive; or with what comes next. */
export type StartFrom = number | 'end';

export interface FilterSettings {
  of: 'stream' | 'type';
  regex: string;
  prefixes: string[];
}

/** As they are kept: plain JSON. */
export interface GroupSettings {
  startFrom: StartFrom;
  messageTimeoutMs: number;
  maxRetryCount: number;
  checkPointAfterMs: number;
  minCheckPointCount: number;
  maxCheckPointCount: number;
  /** 0 = any number. */
  maxSubscriberCount: number;
  liveBufferSize: number;
  readBatchSize: number;
  historyBufferSize: number;
  strategy: Strategy;
  resolveLinks: boolean;
  extraStatistics: boolean;
  filter?: FilterSettings;
}

const TICKS_OF_A_MS = 10_000;
const STRATEGIES: readonly Strategy[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];
type Settings = CreateReq.Settings | UpdateReq.Settings;

export function settingsOf(settings: Settings, startFrom: StartFrom, filter?: FilterSettings): GroupSettings {
  return {
    startFrom,
    messageTimeoutMs: settings.hasMessageTimeoutTicks()
      ? Number(settings.getMessageTimeoutTicks()) / TICKS_OF_A_MS
      : settings.getMessageTimeoutMs(),
    maxRetryCount: settings.getMaxRetryCount(),
    checkPointAfterMs: settings.hasCheckpointAfterTicks()
      ? Number(settings.getCheckpointAfterTicks()) / TICKS_OF_A_MS
      : settings.getCheckpointAfterMs(),
    minCheckPointCount: settings.getMinCheckpointCount(),
    maxCheckPointCount: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    strategy: strategyOf(settings),
    resolveLinks: settings.getResolveLinks(),
    extraStatistics: settings.getExtraStatistics(),
    ...(filter && { filter }),
  };
}

function strategyOf(settings: Settings): Strategy {
  const named = settings instanceof CreateReq.Settings ? settings.getConsumerStrategy() : '';
  if (named === '') return STRATEGIES[settings.getNamedConsumerStrategy()] ?? 'RoundRobin';
  const known = STRATEGIES.find((strategy) => strategy === named);
  if (known !== undefined) return known;
  throw new EndpointError(
    status.INVALID_ARGUMENT,
    `The strategy "${named}" is not offered. Use ${STRATEGIES.join(', ')}.`,
  );
}

/** Why a group cannot have these settings; undefined = it can. */
export function settingsProblem(settings: GroupSettings): string | undefined {
  const { readBatchSize, historyBufferSize, liveBufferSize, maxCheckPointCount, minCheckPointCount } = settings;
  if (readBatchSize < 1) return 'ReadBatchSize must be greater than 0';
  if (readBatchSize >= historyBufferSize) return 'ReadBatchSize may not be greater than or equal to BufferSize';
  if (liveBufferSize < 1) return 'LiveBufferSize must be greater than 0';
  if (maxCheckPointCount < minCheckPointCount) return 'MaxCheckPointCount must be at least MinCheckPointCount';
  return undefined;
}
