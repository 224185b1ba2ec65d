/** The parts of the query answers that the commands show. The API's own description is /openapi.json. */
export interface CustomerItem {
  customerId: string;
  stage: string | null;
  stageSince: string | null;
  engagement: string | null;
  engagementSince: string | null;
  kind: string;
  lastTouchpointAt: string;
  lastChannel: string;
  touchpoints: number;
  unsettled: boolean;
}

export interface CustomersAnswer {
  items: CustomerItem[];
  nextCursor?: string;
  total?: { customers: number; exact: boolean };
  position: number;
  asOf: string;
}

export interface CustomerAnswer extends CustomerItem {
  rungs: { stage: string; holds: boolean; held: boolean }[];
  traits: { [name: string]: unknown };
  personal: { [name: string]: unknown };
  totals: { [name: string]: number | string | null };
  nextChangeAt: string | null;
  position: number;
  asOf: string;
}

export interface TimelineAnswer {
  items: (
    | { kind: 'touchpoint'; type: string; channel: string; direction: string; occurredAt: string; text?: string }
    | { kind: 'stageChange' | 'engagementChange'; from: string | null; to: string; at: string; sentence: string }
    | { kind: 'play'; type: string; play: string; at: string; sentence: string }
  )[];
  nextCursor?: string;
}

export interface WhyAnswer {
  customerId: string;
  stage: string | null;
  since: string | null;
  sentence: string;
  engagement: { value: string | null; since: string | null; sentence: string };
  rungs: { stage: string; holds: boolean; held: boolean; sentence: string }[];
  next?: { stage: string; missing: { sentence: string }[] };
  position: number;
  asOf: string;
}

export interface ChangeItem {
  id: string;
  customerId: string;
  from: string | null;
  to: string;
  at: string;
  sentence: string;
  evidence: {
    conditions: { holds: boolean; condition: string; touchpoints: { touchpointId: string; occurredAt: string }[] }[];
  };
}

export interface ChangesAnswer {
  items: ChangeItem[];
  nextCursor?: string;
}

export interface ParkedAnswer {
  items: {
    position: number;
    customerId: string;
    touchpointId: string;
    reason: string;
    detail: string;
    parkedAt: string;
  }[];
  nextCursor?: string;
  position: number;
  asOf: string;
}

export interface DefinitionAnswer {
  name: string;
  version: number;
  /** The document's text. */
  document?: string;
}
