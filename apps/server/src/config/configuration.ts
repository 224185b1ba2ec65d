import type { ClusterOptions, DispatchOptions, PlaysSource } from '@rapport/engine';

/** What the server runs with, after flags, environment and file were read and checked. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every bound of the HTTP side, with its unit in its name. Each can be set; the defaults stand in limits.ts. */
export interface ServerLimits {
  bodyBytesMax: number;
  /** Requests that are read or answered at one time, and the bytes their bodies may come to together. */
  requestsInFlightMax: number;
  bodyBytesInFlightMax: number;
  connectionsMax: number;
  sseClientsMax: number;
  sseBufferBytesMax: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  shutdownGraceMs: number;
}

/** Secrets stand in it: it is never logged. */
export type ClusterConfiguration = Required<Pick<ClusterOptions, 'eventStoreUrl' | 'mongoUrl' | 'roles'>> &
  Pick<ClusterOptions, 'partitions' | 'engineThreads' | 'leaseMs'>;

export interface ServerConfiguration {
  host: string;
  /** 0 = any free port. */
  port: number;
  /** Folder of the store, absolute. */
  data: string;
  /** Absent = the store is the folder. Else the folder holds what this process alone needs. */
  cluster?: ClusterConfiguration;
  /** File or folder of the definition, absolute; absent = the default definition. */
  definition?: string;
  /** Absent = those that the definition has. A folder is absolute. */
  plays?: PlaysSource;
  /** Host names (with or without a port) that are answered beside those of loopback. */
  allowedHosts: string[];
  allowRemote: boolean;
  /** Of the EventStoreDB protocol; 0 = any free port, absent = it is not offered. */
  eventstorePort?: number;
  /** Whether clients of that protocol may append to streams that are not Rapport's own. */
  eventstoreWrites: boolean;
  logLevel: LogLevel;
  /** Where messages go and what they are signed with. Secrets stand in it: it is never logged. */
  messages: DispatchOptions;
  limits: ServerLimits;
  /** What the operator should know although nothing is wrong, one sentence each. */
  warnings: string[];
}

/** One thing that is wrong with the configuration: where it was said, what is wrong, how to mend it. */
export interface ConfigurationFault {
  where: string;
  problem: string;
  mend: string;
}

/** Thrown by readConfiguration with every fault at once. */
export class ConfigurationRefused extends Error {
  constructor(readonly faults: ConfigurationFault[]) {
    super(
      `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n` +
        faults.map((fault) => `  ${fault.where}: ${fault.problem} ${fault.mend}`).join('\n'),
    );
    this.name = 'ConfigurationRefused';
  }
}

/** Where Nest finds the configuration. */
export const CONFIGURATION = Symbol('ServerConfiguration');
