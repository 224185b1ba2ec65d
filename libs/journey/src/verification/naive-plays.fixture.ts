/** A log of one customer as an engine would have written it that kept the laws. */
import { actionIdOf } from '../plays/action-id';
import { GUARDS_OF_TESTS, NOW } from '../plays/guards/guards.fixture';
import type { PlaysPart, Step } from '../plays/play';
import type { PlayDecision } from '../plays/play-decisions';
import type { FoldedTouchpoint, Properties } from '../touchpoint';
import type { Customer } from './naive-plays-world';

export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
export const CUSTOMER = 'customer-1';

const act = (path: string, verb: 'give' | 'ask', what: string): Step => ({
  ...{ step: 'act', path, verb, what, by: 'email', template: 't', staleAfter: 90 * DAY, sendWithin: 240 * MINUTE },
});
const play = (name: string, steps: Step[]): PlaysPart['plays'][number] => ({
  ...{ name, why: 'a test', owner: 'care', purpose: 'relationship', trigger: { on: 'manual' }, again: 'never' },
  ...{ holdout: 0.1, salt: name, priority: 0, steps, migrate: false },
  goal: { of: { meaning: 'advocacy' }, within: 60 * DAY },
});
export const PART: PlaysPart = {
  plays: [
    play('after', [act('0', 'give', 'thanks'), { step: 'wait', path: '1', ms: DAY }, act('2', 'ask', 'review')]),
    play('other', [act('0', 'ask', 'reference')]),
  ],
  ...{ guards: GUARDS_OF_TESTS, teams: [], templates: [] },
};

export interface Log {
  inputs: Customer['inputs'];
  decisions: Customer['decisions'];
}

/** What an engine wrote that kept the laws; tests plant a fault in it. */
class Writer {
  readonly log: Log = { inputs: [], decisions: [] };
  private position = 0;

  reads(type: string, at: number, properties: Properties = {}, direction: 'inbound' | 'outbound' = 'inbound'): string {
    const touchpointId = `t${this.position}`;
    const source = type.startsWith('action.') ? 'rapport' : 'crm';
    const touchpoint: FoldedTouchpoint = {
      ...{ touchpointId, type, channel: 'email', direction, occurredAt: at, source, properties, history: false },
    };
    this.log.inputs.push({ position: this.position++, at, touchpoint });
    return touchpointId;
  }

  /** What brings the clock forward is an input too. */
  ticks(at: number): void {
    this.log.inputs.push({ position: this.position++, at });
  }

  says(decision: PlayDecision): void {
    this.log.decisions.push({ position: this.position++, decision });
  }

  of(name: string, at: number) {
    return { play: name, enrolment: 1, playVersion: 1, at };
  }

  enters(name: string, touchpointId: string, at: number, held = false): void {
    const trigger = { on: 'touchpoint', touchpointId, type: 'reference.given', occurredAt: at } as const;
    const cause = { kind: 'touchpoint', touchpointId } as const;
    this.says({ type: 'PlayEntered', ...this.of(name, at), trigger, held, first: true, evidence: [], cause });
  }

  asks(name: string, step: string, verb: 'give' | 'ask', what: string, at: number): string {
    this.ticks(at);
    const action = actionIdOf(CUSTOMER, name, 1, step, 0);
    this.says({
      ...{ type: 'ActionRequested', ...this.of(name, at), step, round: 0, action, verb, what, channel: 'email' },
      ...{ purpose: 'relationship', notBefore: at, sendBefore: at + 240 * MINUTE, evidence: [] },
      cause: { kind: 'timer', due: at },
    });
    return action;
  }

  delivers(name: string, step: string, verb: 'give' | 'ask', what: string, at: number): void {
    const action = actionIdOf(CUSTOMER, name, 1, step, 0);
    const touchpointId = this.reads(
      'action.delivered',
      at,
      { action, verb, what, purpose: 'relationship' },
      'outbound',
    );
    const settled = { step, action, result: 'delivered', sentAt: at, refunded: false } as const;
    this.says({ type: 'ActionSettled', ...this.of(name, at), ...settled, cause: { kind: 'touchpoint', touchpointId } });
  }
}

/** A deed, thanks for it, an ask a day later; and another ask that has to wait for it. */
export function lawful(): Log {
  const log = new Writer();
  const deed = log.reads('reference.given', NOW);
  log.enters('after', deed, NOW);
  log.asks('after', '0', 'give', 'thanks', NOW);
  log.delivers('after', '0', 'give', 'thanks', NOW + MINUTE);
  const until = NOW + MINUTE + DAY;
  log.says({
    type: 'PlayWaiting',
    ...log.of('after', NOW + MINUTE),
    step: '1',
    kind: 'wait',
    until,
    cause: { kind: 'settling' },
  });
  const stepped = { step: '1', kind: 'wait', took: 'time', cause: { kind: 'timer', due: until } } as const;
  log.ticks(until);
  log.says({ type: 'PlayStepped', ...log.of('after', until), ...stepped });
  log.asks('after', '2', 'ask', 'review', until);
  const asked = until + MINUTE;
  log.delivers('after', '2', 'ask', 'review', asked);
  const over = { reason: 'completed', step: '2', cause: { kind: 'settling' } } as const;
  log.says({ type: 'PlayExited', ...log.of('after', asked), ...over });
  const later = asked + MINUTE;
  const purchase = log.reads('purchase.completed', later);
  log.enters('other', purchase, later);
  log.says({
    ...{
      type: 'ActionWithheld',
      ...log.of('other', later),
      step: '0',
      action: actionIdOf(CUSTOMER, 'other', 1, '0', 0),
    },
    ...{
      verb: 'ask',
      what: 'reference',
      channel: 'email',
      reason: 'openAsk',
      until: asked + 30 * DAY + 1,
      final: false,
    },
    ...{ then: 'wait', evidence: [], cause: { kind: 'touchpoint', touchpointId: purchase } },
  });
  const second = log.reads('reference.given', later + DAY);
  const converted = {
    held: false,
    first: true,
    touchpointId: second,
    occurredAt: later + DAY,
    after: later + DAY - NOW,
  };
  log.says({
    type: 'PlayConverted',
    ...log.of('after', later + DAY),
    ...converted,
    cause: { kind: 'touchpoint', touchpointId: second },
  });
  return log.log;
}
