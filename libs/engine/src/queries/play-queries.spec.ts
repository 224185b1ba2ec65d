import type { Query } from '../rapport.types';
import { answer } from './answer';
import { type AskedStore, openAskedStore } from './asked-store';
import { openPlayStore } from './play-store.fixture';

interface Page {
  items: { [name: string]: unknown }[];
  nextCursor?: string;
}

describe('queries of plays', () => {
  let store: AskedStore;
  beforeAll(() => {
    store = openPlayStore();
  });
  afterAll(() => store.close());

  function ask<T>(query: Query): T {
    const answered = answer(query, store.sources);
    expect(answered.found).toBe(true);
    return JSON.parse(answered.json) as T;
  }
  const actionOf = (play: string): string =>
    ask<Page>({ name: 'actions', params: { play: [play], limit: 1 } }).items[0]!['action'] as string;

  it('count who entered, by arm, with what became of them', () => {
    const { items } = ask<Page>({ name: 'plays', params: {} });
    expect(items.map((item) => item['play'])).toEqual(['welcome', 'thanks', 'sorry', 'news']);
    const [welcome, , sorry] = items as { entered: number; heldOut: { entered: number }; paused: boolean }[];
    expect(welcome!.entered + welcome!.heldOut.entered).toBe(3);
    expect(sorry).toMatchObject({ entered: 1, waiting: 1, paused: true, purpose: 'service', comparison: null });
  });

  it('tell one play with its definition, and nothing of one that nobody knows', () => {
    expect(ask({ name: 'play', params: { play: 'thanks' } })).toMatchObject({
      ...{ play: 'thanks', entered: 1, paused: false, definition: { name: 'thanks', trigger: { on: 'manual' } } },
    });
    expect(answer({ name: 'play', params: { play: 'no-such' } }, store.sources).found).toBe(false);
  });

  it('list enrolments page by page, and those of one customer', () => {
    const all: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: Page = ask({ name: 'enrolments', params: { limit: 2, cursor } });
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(all).toHaveLength(5);
    const cleo = ask<Page>({ name: 'enrolments', params: { customerId: 'cleo', play: 'thanks', limit: 9 } });
    expect(cleo.items).toMatchObject([{ customerId: 'cleo', play: 'thanks', enrolment: 1, exitedAt: null }]);
    expect(answer({ name: 'enrolments', params: { customerId: 'nobody', limit: 9 } }, store.sources).found).toBe(false);
  });

  it('list tasks as actions of a team', () => {
    const { items } = ask<Page>({ name: 'actions', params: { team: 'support', state: ['requested'], limit: 9 } });
    expect(items).toMatchObject([
      {
        customerId: 'ben',
        verb: 'task',
        what: 'call-back',
        channel: 'task',
        task: { team: 'support', assignee: null },
      },
    ]);
  });

  it('tell one action with the guards that let it pass', () => {
    const action = actionOf('sorry');
    const told = ask<{ sentence: string; evidence: object[]; events: object[] }>({
      name: 'action',
      params: { action },
    });
    expect(told).toMatchObject({ action, round: 0, customerId: 'ben', events: [] });
    expect(told.sentence).toContain('sorry');
    expect(answer({ name: 'action', params: { action: 'f'.repeat(32) } }, store.sources).found).toBe(false);
  });

  it('show the ledger and whom to ask next', () => {
    const { ledger } = ask<{ ledger: { asked: number; next: { kind: string }[] } }>({
      name: 'ledger',
      params: { customerId: 'anna' },
    });
    expect(ledger).toMatchObject({ asked: 0, answered: 0, prior: { rate: 0.15, weight: 4 } });
    expect(ledger.next.map((one) => one.kind)).toContain('review');
    expect(answer({ name: 'ledger', params: { customerId: 'nobody' } }, store.sources).found).toBe(false);
  });

  it('stand in the timeline: entries, requests and withholdings, at their place', () => {
    interface Items {
      items: { kind: string; type?: string; play?: string; at?: string; occurredAt?: string; sentence?: string }[];
      nextCursor?: string;
    }
    const timeline = (limit: number, cursor?: string): Items =>
      ask<Items>({ name: 'timeline', params: { customerId: 'ben', limit, ...(cursor !== undefined && { cursor }) } });
    const { items } = timeline(50);
    const plays = items.filter(({ kind }) => kind === 'play');
    expect(plays).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'PlayEntered', play: 'sorry', sentence: 'Entered sorry' }),
        expect.objectContaining({ type: 'ActionRequested', play: 'sorry' }),
      ]),
    );
    const moments = items.map(({ at, occurredAt }) => Date.parse(at ?? occurredAt ?? ''));
    expect(moments).toEqual([...moments].sort((a, b) => b - a));
    const paged: Items['items'] = [];
    for (let page = timeline(1); ; page = timeline(1, page.nextCursor)) {
      paged.push(...page.items);
      if (page.nextCursor === undefined) break;
    }
    expect(paged).toEqual(items);
  });

  it('say why a play does not act', () => {
    const params = { customerId: 'anna', play: 'sorry' };
    const { now, reasons } = ask<{ now: boolean; reasons: { reason: string }[] }>({ name: 'whyNot', params });
    expect(now).toBe(false);
    expect(reasons.map((one) => one.reason)).toEqual(expect.arrayContaining(['paused', 'noTrigger']));
    const unknown: Query = { name: 'whyNot', params: { customerId: 'anna', play: 'no-such' } };
    expect(answer(unknown, store.sources).found).toBe(false);
  });
});

describe('queries of plays where there are none', () => {
  it('answer with nothing', () => {
    const store = openAskedStore();
    const ask = (query: Query): unknown => JSON.parse(answer(query, store.sources).json);
    expect(ask({ name: 'plays', params: {} })).toMatchObject({ items: [] });
    expect(ask({ name: 'enrolments', params: { limit: 9 } })).toMatchObject({ items: [] });
    expect(ask({ name: 'ledger', params: { customerId: 'anna' } })).toMatchObject({ ledger: null });
    expect(answer({ name: 'whyNot', params: { customerId: 'anna', play: 'x' } }, store.sources).found).toBe(false);
    store.close();
  });
});
