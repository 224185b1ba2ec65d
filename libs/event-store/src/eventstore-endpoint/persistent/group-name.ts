import { status } from '@grpc/grpc-js';

import { EndpointError } from '../endpoint-error';

export const ALL = '$all';
/** What the names of the streams begin with in which groups keep what they must not forget. */
export const GROUP_STREAMS = '$persistentsubscription-';

/** A group of consumers that share the events of one stream, or of everything. */
export interface GroupName {
  /** A stream, or $all. */
  source: string;
  group: string;
}

export function groupId({ source, group }: GroupName): string {
  return `${source}::${group}`;
}

export const checkpointStream = (name: GroupName): string => `${GROUP_STREAMS}${groupId(name)}-checkpoint`;
export const parkedStream = (name: GroupName): string => `${GROUP_STREAMS}${groupId(name)}-parked`;

const trailers = ({ source, group }: GroupName, exception: string): Record<string, string> => ({
  exception,
  'stream-name': source,
  'group-name': group,
});

export const groupExists = (name: GroupName): EndpointError =>
  new EndpointError(
    status.ALREADY_EXISTS,
    `Subscription group ${name.group} on stream ${name.source} exists.`,
    trailers(name, 'persistent-subscription-exists'),
  );

export const noSuchGroup = (name: GroupName): EndpointError =>
  new EndpointError(
    status.NOT_FOUND,
    `Subscription group ${name.group} on stream ${name.source} does not exist.`,
    trailers(name, 'persistent-subscription-does-not-exist'),
  );

export const groupFailed = (name: GroupName, reason: string): EndpointError =>
  new EndpointError(status.INTERNAL, `Subscription group ${name.group} on stream ${name.source} failed: '${reason}'`, {
    ...trailers(name, 'persistent-subscription-failed'),
    reason,
  });

export const groupFull = (name: GroupName): EndpointError =>
  new EndpointError(
    status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${name.group} on stream ${name.source}.`,
    trailers(name, 'maximum-subscribers-reached'),
  );

export const groupDropped = (name: GroupName): EndpointError =>
  new EndpointError(
    status.CANCELLED,
    `Subscription group ${name.group} on stream ${name.source} was dropped.`,
    trailers(name, 'persistent-subscription-dropped'),
  );
