import { WireMessage } from './wire/wire-message';

/** What the endpoint behaves like. Clients compare it with what they need. */
export const SERVER_VERSION = '24.6.0';
const SERVICES = 'event_store.client.';

interface Method {
  service: string;
  method: string;
  features: readonly string[];
}

const READING: readonly Method[] = [
  { service: 'streams.streams', method: 'read', features: ['position', 'events'] },
  { service: 'streams.streams', method: 'append', features: [] },
  { service: 'gossip.gossip', method: 'read', features: [] },
  { service: 'server_features.serverfeatures', method: 'getsupportedmethods', features: [] },
];

const GROUPS: readonly Method[] = [
  'create',
  'update',
  'delete',
  'read',
  'getinfo',
  'replayparked',
  'list',
  'restartsubsystem',
].map((method) => ({
  service: 'persistent_subscriptions.persistentsubscriptions',
  method,
  features: ['stream', 'all'],
}));

/**
 * Without writes the batch way is not offered: a client then sends an append in a call of its own, whose refusal brings the reason along. The batch way has no room for it.
 */
const WRITING: readonly Method[] = [
  { service: 'streams.streams', method: 'batchappend', features: ['deadline_duration'] },
  { service: 'streams.streams', method: 'delete', features: [] },
  { service: 'streams.streams', method: 'tombstone', features: [] },
];

export function supportedMethods(writes: boolean): Buffer {
  const answer = new WireMessage();
  for (const { service, method, features } of [...READING, ...GROUPS, ...(writes ? WRITING : [])]) {
    const entry = new WireMessage().text(1, method).text(2, `${SERVICES}${service}`);
    for (const feature of features) entry.text(3, feature);
    answer.message(1, entry);
  }
  return answer.text(2, SERVER_VERSION).encoded();
}

/** Of gossip.proto: MemberInfo.VNodeState. */
const LEADER = 8;
const TICKS_OF_A_MS = 10_000n;

/** One node, which leads: what clients that know several hosts, or discover them, ask for. */
export function gossip(instanceId: Uint8Array, address: string, port: number): Buffer {
  const id = Buffer.from(instanceId);
  const halves = new WireMessage().uint(1, id.readBigUInt64BE(0)).uint(2, id.readBigUInt64BE(8));
  const member = new WireMessage()
    .message(1, new WireMessage().message(1, halves))
    .uint(2, BigInt(Date.now()) * TICKS_OF_A_MS)
    .uint(3, LEADER)
    .flag(4, true)
    .message(5, new WireMessage().text(1, address).uint(2, port));
  return new WireMessage().message(1, member).encoded();
}
