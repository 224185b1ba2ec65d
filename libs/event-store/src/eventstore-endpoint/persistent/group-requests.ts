/** What requests say of groups. */
import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb';

import { badRequest } from '../endpoint-error';
import { streamOf } from '../wire/append-requests';
import { ALL, type GroupName } from './group-name';
import { type FilterSettings, type GroupSettings, settingsOf, type StartFrom } from './group-settings';

interface Named {
  hasAll(): boolean;
  getGroupName(): string;
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
}

export function nameOf(options: Named | undefined, stream: Parameters<typeof streamOf>[0] = options): GroupName {
  if (options === undefined) throw badRequest('The request has no options.');
  const name = { source: options.hasAll() ? ALL : streamOf(stream), group: options.getGroupName() };
  if (name.source === '' || name.group === '') throw badRequest('A group has a name, and a stream or $all.');
  return name;
}

export interface GroupRequest {
  name: GroupName;
  settings: GroupSettings;
}

export function groupRequest(options: CreateReq.Options | UpdateReq.Options | undefined): GroupRequest {
  const stream = options?.getStream();
  const settings = options?.getSettings();
  if (options === undefined || settings === undefined) throw badRequest('The request has no options or no settings.');
  const all = options.getAll();
  const name = nameOf(options, stream ?? options);
  const filter = all && 'getFilter' in all ? filterSettings(all) : undefined;
  const startFrom = all ? positionIn(all) : stream ? revisionIn(stream) : oldRevision(settings.getRevision());
  return { name, settings: settingsOf(settings, startFrom, filter) };
}

interface RevisionOption {
  hasEnd(): boolean;
  hasRevision(): boolean;
  getRevision(): string;
}

function revisionIn(stream: RevisionOption): StartFrom {
  if (stream.hasRevision()) return Number(stream.getRevision());
  return stream.hasEnd() ? 'end' : 0;
}

/** Where it stood before there were options for a stream, and where clients still put it; the largest number is the end. */
function oldRevision(revision: string): StartFrom {
  const number = Number(revision);
  return number > Number.MAX_SAFE_INTEGER ? 'end' : number;
}

interface PositionOption {
  hasEnd(): boolean;
  getPosition(): { getCommitPosition(): string } | undefined;
}

function positionIn(all: PositionOption): StartFrom {
  const position = all.getPosition();
  if (position !== undefined) return Number(position.getCommitPosition());
  return all.hasEnd() ? 'end' : 0;
}

function filterSettings(all: CreateReq.AllOptions): FilterSettings | undefined {
  const filter = all.getFilter();
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (filter === undefined || expression === undefined) return undefined;
  const of = filter.hasStreamIdentifier() ? ('stream' as const) : ('type' as const);
  return { of, regex: expression.getRegex(), prefixes: expression.getPrefixList() };
}
