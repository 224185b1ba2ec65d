/** What only the wire shows: forms of ids, details of errors, stamps. */
import { credentials } from '@grpc/grpc-js';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  BatchAppendReq,
  type BatchAppendResp,
  ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb';

import { uuidBytes } from '../wire/uuid';
import { event, newStream, withClient } from './client.fixture';

const CORRELATION = '0a1b2c3d-4e5f-4a6b-8c7d-9e0fa1b2c3d4';

describe('on the wire', () => {
  const tested = withClient();
  let raw: StreamsClient;
  beforeAll(() => {
    const address = tested.endpoint.url.replace('esdb://', '').replace('?tls=false', '');
    raw = new StreamsClient(address, credentials.createInsecure());
  });
  afterAll(() => raw.close());

  const identifier = (stream: string) => new StreamIdentifier().setStreamName(Buffer.from(stream));

  function batch(stream: string, position: string): BatchAppendReq {
    const options = new BatchAppendReq.Options().setStreamIdentifier(identifier(stream)).setStreamPosition(position);
    const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(CORRELATION));
    message.getMetadataMap().set('type', 'T').set('content-type', 'application/json');
    return new BatchAppendReq()
      .setCorrelationId(new UUID().setString(CORRELATION))
      .setOptions(options)
      .setProposedMessagesList([message])
      .setIsFinal(true);
  }

  function answered(request: BatchAppendReq): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      const call = raw.batchAppend();
      call.on('data', (answer: BatchAppendResp) => {
        call.end();
        resolve(answer);
      });
      call.on('error', reject);
      call.write(request);
    });
  }

  it('a conflict names its kind in the details, and comes with the id as it was sent', async () => {
    const answer = await answered(batch(newStream(), '5'));
    expect(answer.getCorrelationId()?.getString()).toBe(CORRELATION);
    const { code, message, details } = answer.getError()?.toObject() ?? {};
    expect([code, message, details?.typeUrl]).toEqual([
      6,
      'WrongExpectedVersion',
      'type.googleapis.com/event_store.client.WrongExpectedVersion',
    ]);
  });

  it('what is too late is answered with the id in its other form', async () => {
    const request = batch(newStream(), '0');
    // Field 6 with nothing in it: the first moment of 1970.
    request
      .getOptions()
      ?.setDeadline(BatchAppendReq.Options.deserializeBinary(Uint8Array.of(6 * 8 + 2, 0)).getDeadline());
    const answer = await answered(request);
    const structured = answer.getCorrelationId()?.getStructured();
    const bytes = uuidBytes(CORRELATION) ?? Buffer.alloc(16);
    expect(BigInt(structured?.getMostSignificantBits() ?? 0)).toBe(bytes.readBigInt64BE(0));
    expect(BigInt(structured?.getLeastSignificantBits() ?? 0)).toBe(bytes.readBigInt64BE(8));
    const { code, details } = answer.getError()?.toObject() ?? {};
    expect([code, details?.typeUrl]).toEqual([4, 'type.googleapis.com/event_store.client.Timeout']);
  });

  it('an event has both positions, its stamp in ticks, and its id in the form that is asked for', async () => {
    const stream = newStream();
    const one = event(1);
    const { position } = await tested.client.appendToStream(stream, [one]);
    const options = new ReadReq.Options()
      .setStream(new ReadReq.Options.StreamOptions().setStreamIdentifier(identifier(stream)).setStart(new Empty()))
      .setCount('1')
      .setNoFilter(new Empty())
      .setUuidOption(new ReadReq.Options.UUIDOption().setStructured(new Empty()));
    const read = raw.read(new ReadReq().setOptions(options));
    const answer = await new Promise<ReadResp>((resolve, reject) => read.on('data', resolve).on('error', reject));
    const recorded = answer.getEvent()?.getEvent();
    const bits = recorded?.getId()?.getStructured()?.getMostSignificantBits();
    expect(BigInt(bits ?? 0)).toBe(uuidBytes(one.id)?.readBigInt64BE(0));
    expect(recorded?.getMetadataMap().get('created')).toMatch(/^1\d{12}0000$/);
    const places = [
      recorded?.getCommitPosition(),
      recorded?.getPreparePosition(),
      answer.getEvent()?.getCommitPosition(),
    ];
    expect(places).toEqual([1, 2, 3].map(() => String(position?.commit)));
  });
});
