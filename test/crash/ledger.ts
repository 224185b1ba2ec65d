/** What the clients of a crash run know: what they sent, what was acknowledged, and what they cannot know. */
export interface SentTouchpoint {
  touchpointId: string;
  customerId: string;
  type: string;
  channel: string;
  direction: 'inbound' | 'outbound';
  occurredAt: string;
  source: string;
  properties: Record<string, string | number | boolean>;
  text?: string;
  history?: boolean;
}

export interface Entry {
  item: SentTouchpoint;
  /** Times that the server said it is on disk. */
  acknowledged: number;
  /** Times that no answer came: each may be in the log or not. */
  unknown: number;
}

export class Ledger {
  readonly entries = new Map<string, Entry>();
  /** Per customer, the keys in the order in which their first acknowledgements came; a customer's requests never overlap. */
  readonly order = new Map<string, string[]>();

  acknowledged(items: SentTouchpoint[]): void {
    for (const item of items) {
      const entry = this.entry(item);
      if (entry.acknowledged === 0 && entry.unknown === 0) this.orderOf(item.customerId).push(keyOf(item));
      entry.acknowledged += 1;
    }
  }

  unanswered(items: SentTouchpoint[]): void {
    for (const item of items) this.entry(item).unknown += 1;
  }

  count(): { acknowledged: number; unknown: number } {
    let acknowledged = 0;
    let unknown = 0;
    for (const entry of this.entries.values()) {
      acknowledged += entry.acknowledged;
      unknown += entry.unknown;
    }
    return { acknowledged, unknown };
  }

  private entry(item: SentTouchpoint): Entry {
    const key = keyOf(item);
    const known = this.entries.get(key) ?? { item, acknowledged: 0, unknown: 0 };
    this.entries.set(key, known);
    return known;
  }

  private orderOf(customerId: string): string[] {
    const known = this.order.get(customerId) ?? [];
    this.order.set(customerId, known);
    return known;
  }
}

/** Other content under a known id is recorded too (and parked), so the content belongs to the key. */
export function keyOf(item: Pick<SentTouchpoint, 'customerId' | 'touchpointId' | 'properties'>): string {
  const properties = Object.entries(item.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${item.customerId} ${item.touchpointId} ${JSON.stringify(properties)}`;
}
