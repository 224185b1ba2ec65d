import { Ledger, type SentTouchpoint } from './ledger';
import { checkLog, publishedStageChanges } from './log-checker';
import type { RawEvent } from './raw-log';

const sent = (id: string): SentTouchpoint => ({
  touchpointId: id,
  customerId: 'k-1',
  type: 'purchase.completed',
  channel: 'store',
  direction: 'inbound',
  occurredAt: '2026-01-02T03:04:05.678Z',
  source: 'till',
  properties: { value: 3 },
  text: `thanks for ${id}`,
});

function recorded(position: number, revision: number, item: SentTouchpoint): RawEvent {
  const { customerId, occurredAt, text, ...data } = item;
  const place = { position, revision, stream: 'touchpoints-01', recordedAt: 1_000 + position };
  const body = { data: JSON.stringify(data), personal: JSON.stringify({ text }) };
  return {
    ...place,
    id: `i${position}`,
    type: 'TouchpointRecorded',
    subject: customerId,
    occurredAt: Date.parse(occurredAt),
    ...body,
  };
}

function decided(position: number, revision: number, from: string | null, to: string): RawEvent {
  const place = { position, revision, stream: 'journey-01', recordedAt: 1_000 + position };
  return {
    ...place,
    id: `d${position}`,
    type: 'StageChanged',
    subject: 'k-1',
    occurredAt: 5,
    data: JSON.stringify({ from, to }),
  };
}

/** A healthy log of two touchpoints and two changes, and the ledger that belongs to it. */
function healthy(): { events: RawEvent[]; ledger: Ledger } {
  const ledger = new Ledger();
  ledger.acknowledged([sent('a')]);
  ledger.acknowledged([sent('b')]);
  const events = [
    recorded(1, 0, sent('a')),
    decided(2, 0, null, 'lead'),
    recorded(3, 1, sent('b')),
    decided(4, 1, 'lead', 'customer'),
  ];
  return { events, ledger };
}

describe('the checker of the crash runs', () => {
  it('finds nothing in a healthy log', () => {
    const { events, ledger } = healthy();
    expect(checkLog(events, ledger)).toEqual([]);
    expect(publishedStageChanges(events)).toEqual([2, 4]);
  });

  it('does not mind what was sent without an answer, there or not', () => {
    const { events, ledger } = healthy();
    ledger.unanswered([sent('there'), sent('not there')]);
    expect(checkLog([...events, recorded(5, 2, sent('there'))], ledger)).toEqual([]);
  });

  /** An action that was asked for at 5, tried, delivered, and told. */
  function actionOf(action: string): RawEvent[] {
    const made = (position: number, stream: string, revision: number, type: string, data: object): RawEvent => ({
      ...{ position, stream, revision, recordedAt: 1_000 + position, id: `x${position}`, type },
      ...{ occurredAt: 5, subject: 'k-1', data: JSON.stringify(data) },
    });
    const outcome = { ...sent(`${action}-delivered`), type: 'action.delivered', source: 'rapport' };
    return [
      made(5, 'journey-01', 2, 'ActionRequested', { action }),
      made(6, 'actions-01', 0, 'AttemptStarted', { action, attempt: 1 }),
      made(7, 'actions-01', 1, 'ActionEnded', { action, result: 'delivered' }),
      recorded(8, 2, { ...outcome, properties: { action } }),
    ];
  }

  it('follows actions and their outcomes, which no client sent', () => {
    const { events, ledger } = healthy();
    const action = actionOf('a1');
    expect(checkLog([...events, ...action], ledger)).toEqual([]);
    const again = { ...action[1]!, position: 9, revision: 2, recordedAt: 2_000 };
    expect(checkLog([...events, ...action, again], ledger).join()).toMatch(
      /tried again after it has arrived.*is number 2/,
    );
    const unasked = { ...action[0]!, data: '{"action":"other"}' };
    expect(checkLog([...events, unasked, ...action.slice(1)], ledger).join()).toMatch(
      /nothing requested the action a1/,
    );
  });

  it.each<[string, (events: RawEvent[]) => RawEvent[], RegExp]>([
    ['a lost touchpoint', (e) => [e[0]!, e[1]!], /b was acknowledged 1 times, and is there 0 times/],
    ['a doubled touchpoint', (e) => [...e, recorded(5, 2, sent('b'))], /more often than it was sent/],
    ['one that nobody sent', (e) => [...e, recorded(5, 2, sent('c'))], /nobody sent c/],
    [
      'changed content',
      (e) => [{ ...e[0]!, data: e[0]!.data.replace('store', 'web') }, ...e.slice(1)],
      /is not what was sent/,
    ],
    [
      'a changed property',
      (e) => [{ ...e[0]!, data: e[0]!.data.replace('3', '4') }, ...e.slice(1)],
      /nobody sent a of k-1/,
    ],
    ['a changed moment', (e) => [{ ...e[0]!, occurredAt: 1 }, ...e.slice(1)], /is not what was sent/],
    ['a lost personal part', (e) => [{ ...e[0]!, personal: undefined }, ...e.slice(1)], /is not what was sent/],
    [
      'a gap in the positions',
      (e) => e.map((x, i) => (i > 2 ? { ...x, position: 9 } : x)),
      /position 9 stands where 4/,
    ],
    ['a gap in the revisions', (e) => e.map((x, i) => (i === 2 ? { ...x, revision: 7 } : x)), /has revision 7, not 1/],
    ['a stamp that goes back', (e) => e.map((x, i) => (i === 3 ? { ...x, recordedAt: 1 } : x)), /is stamped before/],
    [
      'swapped touchpoints',
      (e) => [recorded(1, 0, sent('b')), e[1]!, recorded(3, 1, sent('a')), e[3]!],
      /was sent earlier/,
    ],
    ['a doubled decision', (e) => [...e, { ...e[3]!, position: 5, revision: 2 }], /hold the same StageChanged/],
    [
      'the same decision under another id',
      (e) => [...e, decided(5, 2, 'lead', 'customer')],
      /from lead to customer after customer/,
    ],
  ])('finds %s', (_what, spoil, says) => {
    const { events, ledger } = healthy();
    expect(checkLog(spoil(events), ledger).join('\n')).toMatch(says);
  });
});
