/**
 * A touchpoint: one interaction between the brand and a customer, in either direction, at one moment, on one channel.
 * An immutable fact. Moments are milliseconds since 1970-01-01T00:00:00Z.
 */
export type Direction = 'inbound' | 'outbound';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };
export type Properties = { [name: string]: JsonValue };

export interface Touchpoint {
  /** Identity is the pair (customerId, touchpointId): what comes again under it counts once, for ever. */
  touchpointId: string;
  customerId: string;
  /** Dotted lower-case name, for example `purchase.completed`. */
  type: string;
  channel: string;
  direction: Direction;
  occurredAt: number;
  source: string;
  properties: Properties;
  /** Who acted for the brand. */
  actor?: string;
  /** Recorded and shown at once, but moves no stage until its partition reads a HistorySettled. */
  history: boolean;
  /** Free text of a person; stands in the personal part of the event. */
  text?: string;
}

/**
 * What the engine reads of a touchpoint: everything but free text and personal properties. It is the `data` part of a
 * TouchpointRecorded event; `occurredAt` and `customerId` stand in the envelope.
 */
export interface FoldedTouchpoint {
  touchpointId: string;
  type: string;
  channel: string;
  direction: Direction;
  occurredAt: number;
  source: string;
  properties: Properties;
  actor?: string;
  history: boolean;
}

/** One earlier input of a customer, as the log holds it: what a refold needs. `at` is the engine time it was folded at. */
export interface TimelineItem {
  touchpoint: FoldedTouchpoint;
  at: number;
}
