/** The parts of the answers about plays that the commands show. The API's own description is /openapi.json. */
interface Counts {
  entered: number;
  waiting: number;
  completed: number;
  converted: number;
  exited: { [reason: string]: number };
  withheld: { [reason: string]: number };
}

export interface PlayItem extends Counts {
  play: string;
  why?: string;
  trigger?: string;
  gone?: boolean;
  paused: boolean;
  heldOut: Counts;
  comparison: {
    difference: number;
    low: number;
    high: number;
    actedOn: { entered: number; converted: number };
    heldOut: { entered: number; converted: number };
  } | null;
}

interface Answer {
  position: number;
  asOf: string;
}

interface Page<Item> extends Answer {
  items: Item[];
  nextCursor?: string;
}

export type PlaysAnswer = Page<PlayItem>;
export type PlayAnswer = PlayItem & Answer;

export type EnrolmentsAnswer = Page<{
  customerId: string;
  play: string;
  held: boolean;
  phase: string;
  step: string;
  withheld: string;
  enteredAt: string;
  until: string | null;
  convertedAt: string | null;
  exitReason: string;
}>;

export interface ActionItem {
  action: string;
  customerId: string;
  play: string;
  verb: string;
  what: string;
  channel: string;
  state: string;
  reason: string;
  requestedAt: string;
  attempts: number;
  task?: { team: string; assignee: string | null; claimedUntil: string | null; slaDue: string | null };
}

export type ActionsAnswer = Page<ActionItem>;

export interface ActionAnswer extends ActionItem, Answer {
  sentence: string;
  evidence: { condition: string; holds: boolean; value: number | string | boolean | null }[];
  events: { type: string; recordedAt: string; result?: string; detail?: string }[];
}

export interface LedgerAnswer extends Answer {
  customerId: string;
  detail?: string;
  ledger: {
    asked: number;
    answered: number;
    declined: number;
    unanswered: number;
    given: number;
    received: number;
    thanksOwedByBrand: number;
    thanksOwedByCustomer: number;
    answerRate: number;
    driver: string | null;
    open: { kind: string; openedAt: string }[];
    next: {
      kind: string;
      rate: number;
      eligibleAt: string | null;
      whyNot: { reason: string; until: string | null }[];
    }[];
  } | null;
}

export interface WhyNotAnswer extends Answer {
  customerId: string;
  play: string;
  now: boolean;
  step?: string;
  reasons: { reason: string; detail: string; until: string | null }[];
  ahead: { step: string; verb: string; what: string; channel: string; reasons: { reason: string }[] }[];
  lastWithheld: { at: string; sentence: string } | null;
}
