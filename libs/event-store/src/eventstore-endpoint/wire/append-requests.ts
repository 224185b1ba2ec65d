import type { Expectation } from '../streams/append.types';
import { JSON_CONTENT, type ProposedEvent } from './envelope';
import { idOf } from './uuid';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';

/** What both ways of appending call an event. */
interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

/** The event, or what is wrong with it. */
export function proposedEvent(message: ProposedMessage): ProposedEvent | string {
  const id = idOf(message.getId());
  const metadata = message.getMetadataMap();
  const type = metadata.get('type');
  const contentType = metadata.get('content-type');
  if (id === undefined) return 'An event has no valid UUID as its id.';
  if (!type) return 'An event has no type.';
  if (!contentType) return 'An event has no content type.';
  return {
    id,
    type,
    json: contentType === JSON_CONTENT,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** What all requests that change a stream say of its state. */
interface ExpectingOptions {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

export function expectationOf(options: ExpectingOptions, revision: string): Expectation {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'noStream';
  return options.hasStreamExists() ? 'streamExists' : { revision: Number(revision) };
}

/** As the protocol's numbers have it. */
export function expectationNumber(expected: Expectation): string {
  if (expected === 'any') return '-2';
  if (expected === 'noStream') return '-1';
  return expected === 'streamExists' ? '-4' : String(expected.revision);
}

interface Identified {
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
}

export function streamOf(options: Identified | undefined): string {
  return Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
}
